import type { Clock } from '../base/clock.js';
import type { BuildQueue, WaitReason } from './build-queue.js';
import type { Environment } from './git.js';
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
  readonly quarantine: Environment;
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

/** Keeps its turn until git has moved the ref, for the next push to find it moved. */
async function build(wanted: Wanted, receiver: Receiver): Promise<void> {
  const { app, repository, hook, gitExited } = wanted;
  const work = async (): Promise<void> => {
    hook.end(!hook.isOver && (await isAccepted(wanted, receiver)));
    await gitExited;
  };
  await receiver.queue.run(repository.path, work, (reason) => hook.say(waiting(app, reason)));
}

function waiting(app: string, reason: WaitReason): string {
  return reason === 'same app'
    ? `Another build of ${app} is running, waiting...\n`
    : 'Builds of other apps are running, waiting...\n';
}

async function isAccepted(wanted: Wanted, { host, onBug }: Receiver): Promise<boolean> {
  const { app, repository, hook, quarantine, updates, update } = wanted;
  const { ref, from, to } = update;
  try {
    const refusal = await whyNot(wanted);
    if (refusal !== undefined) {
      hook.say(` !     dynosim: ${refusal}\n`);
      return false;
    }
    const output = (text: string): void => hook.say(text);
    const isBuilt = await host.receive({ app, repository, ref, commit: to, updates, quarantine, output });
    if (isBuilt && isNone(from)) await repository.offerHead(ref);
    return isBuilt;
  } catch (error) {
    onBug(error);
    hook.say(' !     Push failed\n');
    return false;
  }
}

/** Why there is no point in building: git would not move the ref afterwards. */
async function whyNot({ repository, quarantine, update }: Wanted): Promise<string | undefined> {
  const { ref, from, to } = update;
  const branch = ref.replace('refs/heads/', '');
  if ((await repository.resolve(to, quarantine)) !== to)
    return `${branch} must be a commit. For the commit of a tag: git push heroku TAG^{}:${branch}`;
  if (!(await repository.isWhole(to, quarantine)))
    return 'commits are missing. If this is a shallow clone: git fetch --unshallow, then push again.';
  const now = await repository.resolve(ref);
  if (isNone(from) ? now === undefined : now === from) return undefined;
  return `another push has changed ${branch} meanwhile. Fetch it, and push again.`;
}
