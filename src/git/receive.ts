import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import type { BuildQueue, WaitReason } from './build-queue.js';
import type { GitEnvironment } from './git.js';
import type { Hook, RefUpdate } from './hook.js';
import type { GitHost } from './host.js';
import { isNone, judge } from './judge.js';
import type { Repository } from './repository.js';

export interface Receiver {
  readonly host: GitHost;
  /** In which whatever else builds an app waits, too. */
  readonly queue: BuildQueue;
  /** Real time. */
  readonly clock: Clock;
  /** Called with errors that the host should not throw. */
  onBug(error: unknown): void;
}

interface Pushed {
  readonly app: string;
  readonly repository: Repository;
  /** Resolves once git has moved the refs, or not. */
  readonly gitExited: Promise<unknown>;
}

/** What a push that builds is about. */
interface Wanted extends Pushed {
  readonly hook: Hook;
  readonly quarantine: GitEnvironment;
  readonly updates: readonly RefUpdate[];
  readonly update: RefUpdate;
}

/** Answers the hook of a push. Resolves once git has ended. */
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

/** Keeps its turn until git has moved the ref, so that the next push finds it moved. */
async function build(wanted: Wanted, { host, queue, onBug }: Receiver): Promise<void> {
  const { app, repository, hook, gitExited } = wanted;
  const work = async (): Promise<void> => {
    if (hook.isOver) return;
    hook.end(await isBuilt(wanted, host));
    await gitExited;
  };
  try {
    await queue.run(repository.path, work, (reason) => hook.say(waiting(app, reason)));
  } catch (error) {
    if (!(error instanceof UserError)) onBug(error);
    hook.say(error instanceof UserError ? refusal(error) : ' !     Push failed\n');
    hook.end(false);
    await gitExited;
  }
}

function waiting(app: string, reason: WaitReason): string {
  return reason === 'same app'
    ? `Another build of ${app} is running, waiting...\n`
    : 'Builds of other apps are running, waiting...\n';
}

function refusal({ message, hint }: UserError): string {
  return ` !     dynosim: ${message}.${hint === undefined ? '' : ` ${hint}`}\n`;
}

/** @throws UserError if there is no point in building */
async function isBuilt(wanted: Wanted, host: GitHost): Promise<boolean> {
  const { app, repository, hook, quarantine, updates, update } = wanted;
  const { ref, from, to } = update;
  await requireAcceptable(wanted);
  const output = (text: string): void => hook.say(text);
  const isBuilt = await host.receive({ app, repository, ref, commit: to, updates, quarantine, output });
  if (isBuilt && isNone(from)) await repository.offerHead(ref);
  return isBuilt;
}

/** @throws UserError if git would not move the ref after the build */
async function requireAcceptable({ repository, quarantine, update }: Wanted): Promise<void> {
  const { ref, from, to } = update;
  const branch = ref.replace('refs/heads/', '');
  if ((await repository.resolve(to, quarantine)) !== to)
    throw refused(`${branch} must be a commit`, `For the commit of a tag: git push heroku TAG^{}:${branch}`);
  if (!(await repository.isWhole(to, quarantine)))
    throw refused(
      'Commits are missing',
      'If this is a shallow clone: git fetch --unshallow, then push again.',
    );
  if ((await repository.resolve(ref)) !== (isNone(from) ? undefined : from))
    throw refused(`Another push has changed ${branch} in the meantime`, 'Fetch it, then push again.');
}

function refused(message: string, hint: string): UserError {
  return new UserError('PUSH_REFUSED', message, hint);
}
