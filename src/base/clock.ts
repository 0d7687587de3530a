/**
 * The only file that touches `setTimeout`, `process.hrtime` and `Date`.
 *
 * dynosim has two clocks that are never mixed:
 * - *real time* governs how long real work may take (boot, graceful stop, first byte of a response);
 * - *platform time* governs how long dynos wait (sleep, cool-off after a crash). It can run faster
 *   (`--speed`) and be moved forward (`clock:advance`) without making a healthy app time out.
 */

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds on a scale that only moves forward; its zero means nothing. */
  now(): number;
  /** Runs `task` once, `ms` from now (Infinity: never). The result cancels it; cancelling late or twice does nothing. */
  after(ms: number, task: () => void): Cancel;
}

/** Resolves after a while. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** The clocks of one host. */
export interface Time {
  readonly real: Clock;
  readonly platform: PlatformClock;
  /** Wall-clock time in ms since 1970, with microseconds as fraction: what is shown to people and apps. */
  wall(): number;
}

/** Longest wait one `setTimeout` can express; beyond it Node fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The same as `performance.now()`, which would take the better part of a millisecond to load. */
function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Real time, monotonic: it does not jump when the machine's date is set. */
export const systemClock: Clock = {
  now: monotonicMs,
  after(ms, task) {
    if (ms === Number.POSITIVE_INFINITY) return () => {};
    const due = monotonicMs() + ms;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = Math.max(0, due - monotonicMs());
      timer = setTimeout(left > MAX_TIMEOUT_MS ? arm : task, Math.min(left, MAX_TIMEOUT_MS));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** Finer steps than the date's own milliseconds, without running away from it when the date is set. */
const MAX_DRIFT_MS = 20;
let wallZero = Date.now() - monotonicMs();

/** Wall-clock time now, in ms since 1970 with microseconds as fraction (Heroku's log lines have six digits). */
export function systemWall(): number {
  const date = Date.now();
  const wall = wallZero + monotonicMs();
  if (Math.abs(wall - date) <= MAX_DRIFT_MS) return wall;
  wallZero = date - monotonicMs();
  return date;
}

interface PlatformTimer {
  readonly due: number;
  readonly task: () => void;
}

/** Platform time: real time × speed, plus whatever `advance` has skipped. */
export class PlatformClock implements Clock {
  readonly speed: number;
  readonly #real: Clock;
  readonly #timers = new Set<PlatformTimer>();
  readonly #zero: number;
  #skipped = 0;
  #disarm: Cancel = () => {};
  #advancing: Promise<void> = Promise.resolve();

  constructor(real: Clock, speed = 1) {
    this.#real = real;
    this.#zero = real.now();
    this.speed = speed;
  }

  now(): number {
    return (this.#real.now() - this.#zero) * this.speed + this.#skipped;
  }

  /** How far it is ahead because it was moved forward, ms. */
  get skippedMs(): number {
    return this.#skipped;
  }

  after(ms: number, task: () => void): Cancel {
    if (ms === Number.POSITIVE_INFINITY) return () => {};
    const timer = { due: this.now() + ms, task };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      if (this.#timers.delete(timer)) this.#arm();
    };
  }

  /**
   * Moves the clock forward by exactly `ms`, beside the real time that passes meanwhile: from one due timer to the
   * next, in order, and after each waits until `settled` resolves, so that what a timer set off (a dyno that stops)
   * happens before the next one is due.
   * Calls queue up behind one another.
   */
  advance(ms: number, settled: () => Promise<void>): Promise<void> {
    const run = this.#advancing.then(() => this.#advanceNow(ms, settled));
    this.#advancing = run.catch(() => {});
    return run;
  }

  async #advanceNow(ms: number, settled: () => Promise<void>): Promise<void> {
    let left = ms;
    const skip = (step: number): void => {
      this.#skipped += step;
      left -= step;
    };
    await settled();
    for (let wait = this.#untilNext(); wait <= left; wait = this.#untilNext()) {
      skip(wait);
      this.#fireDue();
      await settled();
    }
    skip(left);
    this.#arm();
  }

  /** Until the next timer is due, ms of platform time; Infinity without one. */
  #untilNext(): number {
    const next = this.#next();
    return next ? Math.max(0, next.due - this.now()) : Number.POSITIVE_INFINITY;
  }

  #next(): PlatformTimer | undefined {
    let next: PlatformTimer | undefined;
    for (const timer of this.#timers) if (!next || timer.due < next.due) next = timer;
    return next;
  }

  #fireDue(): void {
    const now = this.now();
    const due = [...this.#timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
    for (const timer of due) {
      // An earlier task of this round may have cancelled it.
      if (this.#timers.delete(timer)) timer.task();
    }
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    const next = this.#next();
    this.#disarm = next
      ? this.#real.after(Math.max(0, next.due - this.now()) / this.speed, () => this.#fireDue())
      : () => {};
  }
}

/** The clocks of a real host. */
export function systemTime(speed = 1): Time {
  return { real: systemClock, platform: new PlatformClock(systemClock, speed), wall: systemWall };
}
