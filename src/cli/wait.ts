import type { ApiEvent, AppClient } from '../api/client/app-client.js';
import { systemClock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { UserError } from '../base/errors.js';

/** Process types whose dynos end by themselves: nobody waits for these. */
const ONE_OFF = new Set(['run', 'release']);

/** How far an app has come. */
class Progress {
  readonly #app: string;
  readonly #dynos = new Map<string, { readonly state: string; readonly release: number }>();
  /** The release that every dyno shall run. */
  version = 1;
  crashed: string | undefined;

  constructor(app: string) {
    this.#app = app;
  }

  take(event: ApiEvent): void {
    if (!('app' in event) || event.app !== this.#app) return;
    if ('version' in event) {
      if (event.status !== 'failed') this.version = Math.max(this.version, event.version);
    } else if (event.state === 'gone') {
      this.#dynos.delete(event.name);
    } else if (!ONE_OFF.has(event.type)) {
      this.#dynos.set(event.name, event);
      if (event.state === 'crashed') this.crashed ??= event.name;
    }
  }

  get wanted(): number {
    return this.#dynos.size;
  }

  get up(): number {
    const { version } = this;
    return [...this.#dynos.values()].filter(({ state, release }) => state === 'up' && release >= version)
      .length;
  }

  /** Waiting would not wake it. */
  get isAsleep(): boolean {
    return [...this.#dynos.values()].some(({ state }) => state === 'idle');
  }

  get isDone(): boolean {
    return this.crashed !== undefined || this.up >= this.wanted;
  }
}

/**
 * Resolves when every dyno of the formation is up. Says what it waits for, if it has to.
 * @throws UserError `DYNO_CRASHED`, `ASLEEP`, `WAIT_TIMED_OUT`, `GONE`
 */
export async function waitUntilUp(app: AppClient, timeoutMs: number): Promise<void> {
  const timeout = new AbortController();
  const cancel = systemClock.after(timeoutMs, () => timeout.abort());
  const progress = new Progress(app.name);
  const say = createTeller(progress);
  let isNews = false;
  for await (const event of app.events(timeout.signal)) {
    progress.take(event);
    isNews ||= 'apps' in event;
    if (isNews && (progress.isDone || progress.isAsleep)) break;
    if (isNews) say('');
  }
  cancel();
  say(progress.isDone && progress.crashed === undefined ? ', done\n' : '\n');
  complain(progress, timeout.signal.aborted ? timeoutMs : undefined);
}

/** Writes over its own line at a terminal; else only the last state of it. Says nothing if there was no need to wait. */
function createTeller(progress: Progress): (end: string) => void {
  const { stderr } = process;
  let hasWaited = false;
  return (end) => {
    const { up, wanted, version } = progress;
    const line = `Waiting for every dyno to be running v${version}... ${up} / ${wanted}${end}`;
    if (end === '') hasWaited = true;
    if (!hasWaited) return;
    if (stderr.isTTY) stderr.write(`\r${line}`);
    else if (end !== '') stderr.write(line);
  };
}

/** @param timeoutMs undefined: it did not pass */
function complain({ crashed, isAsleep, up, wanted, isDone }: Progress, timeoutMs: number | undefined): void {
  if (crashed !== undefined) {
    throw new UserError('DYNO_CRASHED', `${crashed} crashed`, `See why: dynosim logs --dyno ${crashed}`);
  }
  if (isDone) return;
  if (isAsleep) throw new UserError('ASLEEP', 'The app sleeps', 'Wake it: dynosim ps:wake');
  if (timeoutMs === undefined) throw new UserError('GONE', 'The dynosim that was waited for has ended');
  const message = `${up} of ${wanted} dynos were up after ${formatDuration(timeoutMs)}`;
  throw new UserError('WAIT_TIMED_OUT', message, 'See which are not: dynosim ps');
}
