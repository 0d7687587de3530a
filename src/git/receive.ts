import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { type BuildQueue, waitingLine } from './build-queue.js';
import type { GitEnvironment } from './git.js';
import type { Hook, RefUpdate } from './hook.js';
import type { GitHost } from './host.js';
import { isNone, judge } from './judge.js';
import type { Repository } from './repository.js';

export interface Receiver {
  readonly host: GitHost;
  /** Shared with builds that do not come from a push. */
  readonly queue: BuildQueue;
  /** Real time. */
  readonly clock: Clock;
  /** Called with unexpected errors. */
  onBug(error: unknown): void;
}

interface Pushed {
  readonly app: string;
  readonly repository: Repository;
  /** Where the history of a shallow clone ends that pushes. */
  readonly shallow: readonly string[];
  /** Resolves when git has ended, and has moved the refs or not. */
  readonly gitExited: Promise<unknown>;
}

/** A push to build. */
interface Wanted extends Pushed {
  readonly hook: Hook;
  readonly incoming: GitEnvironment;
  readonly updates: readonly RefUpdate[];
  readonly update: RefUpdate;
}

/** Answers the hook of a push. Resolves when git has ended. */
export async function receive(hook: Hook, pushed: Pushed, receiver: Receiver): Promise<void> {
  const question = await hook.question;
  if (!question) return;
  const judgement = judge(question.updates);
  hook.say(judgement.text);
  if (judgement.does === 'build')
    return build({ ...pushed, ...question, hook, update: judgement.update }, receiver);
  hook.end(judgement.does === 'store');
  await pushed.gitExited;
}

/** Keeps its turn until git has moved the ref, so that the next push sees the change. */
async function build(wanted: Wanted, { host, queue, onBug }: Receiver): Promise<void> {
  const { app, repository, hook, gitExited } = wanted;
  const work = async (): Promise<void> => {
    if (hook.isOver) return;
    hook.end(await buildAndRelease(wanted, host));
    await gitExited;
  };
  try {
    await queue.run(repository.path, work, (reason) => hook.say(waitingLine(app, reason)));
  } catch (error) {
    if (!(error instanceof UserError)) onBug(error);
    hook.say(error instanceof UserError ? refusal(error) : ' !     Push failed\n');
    hook.end(false);
    await gitExited;
  }
}

function refusal({ message, hint }: UserError): string {
  return ` !     dynosim: ${message}.${hint === undefined ? '' : ` ${hint}`}\n`;
}

/** @throws UserError if the push is not built */
async function buildAndRelease(wanted: Wanted, host: GitHost): Promise<boolean> {
  const { app, repository, hook, incoming, updates, update } = wanted;
  const { ref, from, to } = update;
  if ((await host.repositoryOf(app)) !== repository)
    throw refused(`There is no app ${app} any more`, 'List the apps with: dynosim apps');
  await requireAcceptable(wanted);
  const output = (text: string): void => hook.say(text);
  const isBuilt = await host.receive({ app, repository, ref, commit: to, updates, incoming, output });
  if (isBuilt && isNone(from)) await repository.offerHead(ref);
  return isBuilt;
}

/** @throws UserError if git would refuse to move the ref after the build */
async function requireAcceptable(wanted: Wanted): Promise<void> {
  const { repository, shallow, incoming, updates, update } = wanted;
  const { ref, from, to } = update;
  const branch = ref.replace('refs/heads/', '');
  if ((await repository.resolve(to, incoming)) !== to)
    throw refused(`${branch} must be a commit`, `For the commit of a tag: git push heroku TAG^{}:${branch}`);
  if (!(await repository.isWhole(to, incoming, shallow)))
    throw refused(
      'Commits are missing',
      'If this is a shallow clone: git fetch --unshallow, then push again.',
    );
  if ((await repository.resolve(ref)) !== (isNone(from) ? undefined : from))
    throw refused(`Another push has changed ${branch} in the meantime`, 'Fetch it, then push again.');
  const inTheWay = isNone(from) ? await branchBelow(ref, updates, repository) : undefined;
  if (inTheWay !== undefined)
    throw refused(
      `git has no room for ${branch} beside the branch ${inTheWay}`,
      `Delete that: git push heroku --delete ${inTheWay}, then push ${branch} alone.`,
    );
}

/**
 * A branch such as `main/x`, which git cannot have beside `main`. One that the same push deletes counts, too: whether git
 * deletes it in time depends on git's version and on `--atomic`.
 */
async function branchBelow(
  ref: string,
  updates: readonly RefUpdate[],
  repository: Repository,
): Promise<string | undefined> {
  const pushed = updates.filter(({ to }) => !isNone(to)).map((update) => update.ref);
  const refs = [...(await repository.refs()).keys(), ...pushed];
  return refs.find((one) => one.startsWith(`${ref}/`))?.replace('refs/heads/', '');
}

function refused(message: string, hint: string): UserError {
  return new UserError('PUSH_REFUSED', message, hint);
}
