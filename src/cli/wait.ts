import type { AppControl, HostControl, HostEvent } from '../api/control.js';
import { type Clock, pause, systemClock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { UserError } from '../base/errors.js';
import { shorten } from '../base/wording.js';
import { isOneOffName } from '../logs/entry.js';
import { folded } from './output.js';

/** A `start` in the background is found within this time even on a busy machine, ms. */
export const APPEARS_WITHIN_MS = 10_000;

/** How often to look for an app. Watching its state folder is no alternative: that may not exist yet. */
const LOOK_EVERY_MS = 100;

/** How far the start of an app has come. */
class Progress {
  readonly #app: string;
  readonly #dynos = new Map<string, { readonly state: string; readonly release: number }>();
  /** The release that every dyno should run. */
  version = 1;
  /** Whether there is a release. Before the first one no dynos are expected. */
  isReleased = false;
  /** Whether dynos of the formation are not listed yet, as in the moment after the first release. */
  isStarting = false;
  crashed: string | undefined;

  constructor(app: string) {
    this.#app = app;
  }

  take(event: HostEvent): void {
    if ((event.event !== 'release' && event.event !== 'dyno') || event.app !== this.#app) return;
    if (event.event === 'release') {
      if (event.status !== 'failed') this.version = Math.max(this.version, event.version);
      if (event.status === 'succeeded') this.isReleased = true;
    } else if (event.state === 'gone') {
      this.#dynos.delete(event.name);
    } else if (!isOneOffName(event.name)) {
      // Others end by themselves, so nothing waits for them.
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
    return this.crashed !== undefined || (this.isReleased && !this.isStarting && this.up >= this.wanted);
  }
}

/** An app to wait for, and the host that reports its events. */
export interface Waited {
  readonly app: Pick<AppControl, 'name' | 'formation'>;
  readonly host: Pick<HostControl, 'events'>;
}

/** Reports progress, and `end` at the end. */
type Tell = (end: string) => void;

/** Leaves the report to another. */
export const silently = (): Tell => () => {};

/**
 * Resolves when every dyno of the formation is up. Says what it waits for, if it has to.
 * @throws UserError `DYNO_CRASHED`, `ASLEEP`, `WAIT_TIMED_OUT`, `GONE`
 */
export async function waitUntilUp(
  { app, host }: Waited,
  timeoutMs: number,
  clock: Clock = systemClock,
  tellerOf: (progress: Progress) => Tell = createTeller,
): Promise<void> {
  const timeout = new AbortController();
  const progress = new Progress(app.name);
  const say = tellerOf(progress);
  let isNews = false;
  let isLate = false;
  // Even without any time it looks once.
  const cancel = clock.after(timeoutMs, () => {
    isLate = true;
    if (isNews) timeout.abort();
  });
  for await (const event of host.events(timeout.signal)) {
    progress.take(event);
    isNews ||= event.event === 'current';
    if (isNews && progress.isReleased) progress.isStarting = await isStarting(app, progress);
    if (isNews && (progress.isDone || progress.isAsleep || isLate)) break;
    if (isNews) say('');
  }
  cancel();
  say(progress.isDone && progress.crashed === undefined ? ', done\n' : '\n');
  complain(progress, isLate ? timeoutMs : undefined);
}

async function isStarting(app: Waited['app'], { wanted, crashed }: Progress): Promise<boolean> {
  if (wanted > 0 || crashed !== undefined) return false;
  return (await app.formation()).some(({ quantity }) => quantity > 0);
}

/**
 * Looks for an app until it is there.
 * @param find undefined: it is not there yet
 * @param onWait called once if it has to wait
 * @returns the app, or undefined once the time is over, and how long it has waited, ms
 */
export async function waitForApp<T>(
  find: () => Promise<T | undefined>,
  timeoutMs: number,
  onWait: () => void,
  clock: Clock = systemClock,
): Promise<{ readonly app: T | undefined; readonly waitedMs: number }> {
  let app = await find();
  const begin = clock.now();
  if (app === undefined && timeoutMs > 0) onWait();
  while (app === undefined && clock.now() - begin < timeoutMs) {
    await pause(clock, LOOK_EVERY_MS);
    app = await find();
  }
  return { app, waitedMs: clock.now() - begin };
}

/** Reports progress: a terminal sees one line change, other outputs get its last state. Silent without a wait. */
function createTeller(progress: Progress): Tell {
  const { stderr } = process;
  let hasWaited = false;
  return (end) => {
    const { up, wanted, version } = progress;
    const line = `Waiting for every dyno to be running v${version}... ${up} / ${wanted}${end}`;
    if (end === '') hasWaited = true;
    if (!hasWaited) return;
    if (end !== '') stderr.write(stderr.isTTY ? `\r\x1b[K${folded(line)}` : line);
    // On one row, so that the next state can take its place.
    else if (stderr.isTTY) stderr.write(`\r${shorten(line, (stderr.columns || 80) - 1)}`);
  };
}

/** @param timeoutMs undefined: it did not pass */
function complain({ crashed, isAsleep, up, wanted, isDone }: Progress, timeoutMs: number | undefined): void {
  if (crashed !== undefined) {
    throw new UserError('DYNO_CRASHED', `${crashed} crashed`, `See why: dynosim logs --dyno ${crashed}`);
  }
  if (isDone) return;
  if (isAsleep) throw new UserError('ASLEEP', 'The app sleeps', 'Wake it: dynosim ps:wake');
  if (timeoutMs === undefined) throw new UserError('GONE', 'The dynosim that runs the app has ended');
  const message = `${up} of ${wanted} dynos were up after ${formatDuration(timeoutMs)}`;
  throw new UserError('WAIT_TIMED_OUT', message, 'See which are not: dynosim ps');
}
