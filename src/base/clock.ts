/**
 * The only file that touches `setTimeout`, `process.hrtime` and `Date`.
 *
 * dynosim has two clocks that are never mixed:
 * - *real time* governs how long real work may take (boot, graceful stop, first byte of a response). It stands still
 *   while dynosim itself is stopped;
 * - *platform time* governs how long dynos wait (sleep, cool-off after a crash). It can run faster (`--speed`) and be
 *   moved forward (`clock:advance`) without making a healthy app time out.
 */

export type Cancel = () => void;

export interface Clock {
  /** Monotonic milliseconds with an arbitrary zero. */
  now(): number;
  /** Runs `task` once, `ms` from now (Infinity: never). The result cancels it, and does nothing if it is too late. */
  after(ms: number, task: () => void): Cancel;
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** The clocks of one host. */
export interface Time {
  readonly real: Clock;
  readonly platform: PlatformClock;
  /** Wall-clock time in ms since 1970, with microseconds as a fraction: shown to people and apps. */
  wall(): number;
}

/** The longest delay of `setTimeout`: Node fires at once for a longer one. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Like `performance.now()`, which takes almost a millisecond to load. */
function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** The system's time and timers, on which {@link RunningClock} is based. */
export interface RawTime {
  /** Monotonic milliseconds. */
  now(): number;
  after(ms: number, task: () => void): Cancel;
  /** Runs a task after pending input has been read. */
  afterReading(task: () => void): Cancel;
  /** Runs a task repeatedly, without keeping the process alive. */
  every(ms: number, task: () => void): Cancel;
}

/** How often the clock is read while tasks wait. A longer gap shows that the process was stopped. */
const BEAT_MS = 1000;

/** A timer later than this runs only after pending input has been read. */
const LATE_MS = 50;

/**
 * Real time while this process runs. While it is stopped (Ctrl-Z, a suspended machine), at most a second passes: dynos
 * and clients that continued must be read before they count as late, and those that were stopped too are not late.
 */
export class RunningClock implements Clock {
  readonly #raw: RawTime;
  #rawNow: number;
  #now = 0;
  #waiting = 0;
  #stopBeat: Cancel = () => {};

  constructor(raw: RawTime) {
    this.#raw = raw;
    this.#rawNow = raw.now();
  }

  now(): number {
    const rawNow = this.#raw.now();
    const passed = rawNow - this.#rawNow;
    const wasStopped = this.#waiting > 0 && passed > 2 * BEAT_MS;
    this.#rawNow = rawNow;
    this.#now += wasStopped ? BEAT_MS : passed;
    return this.#now;
  }

  after(ms: number, task: () => void): Cancel {
    if (ms === Number.POSITIVE_INFINITY) return () => {};
    const due = this.now() + ms;
    let cancel: Cancel | undefined;
    const stop = (): void => {
      if (cancel === undefined) return;
      cancel();
      cancel = undefined;
      this.#removeWaiter();
    };
    const fire = (): void => {
      stop();
      task();
    };
    const arm = (left: number): void => {
      cancel = this.#raw.after(Math.max(0, left), () => {
        const stillLeft = due - this.now();
        // The system's timers may fire slightly early.
        if (stillLeft >= 1) arm(stillLeft);
        else if (stillLeft < -LATE_MS) cancel = this.#raw.afterReading(fire);
        else fire();
      });
    };
    this.#addWaiter();
    arm(ms);
    return stop;
  }

  #addWaiter(): void {
    if (this.#waiting === 0) this.#stopBeat = this.#raw.every(BEAT_MS, () => void this.now());
    this.#waiting += 1;
  }

  #removeWaiter(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#stopBeat();
  }
}

/** Real time: monotonic, without jumps when the machine's date is set or this process was stopped. */
export const systemClock: Clock = new RunningClock({
  now: monotonicMs,
  after(ms, task) {
    const timer = setTimeout(task, Math.min(ms, MAX_TIMEOUT_MS));
    return () => clearTimeout(timer);
  },
  afterReading(task) {
    const immediate = setImmediate(task);
    return () => clearImmediate(immediate);
  },
  every(ms, task) {
    const interval = setInterval(task, ms).unref();
    return () => clearInterval(interval);
  },
});

/** Runs a task once, real time from now, unless the process has ended by then: this does not keep it alive. */
export function afterInBackground(ms: number, task: () => void): void {
  setTimeout(task, ms).unref();
}

/** How far the fine-grained wall clock may drift from the system's date before it is set again. */
const MAX_DRIFT_MS = 20;
let wallZero = Date.now() - monotonicMs();

/** Wall-clock time in ms since 1970, with microseconds as a fraction (Heroku's log lines have six digits). */
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

/** Platform time: real time × speed, plus the time skipped by `advance`. */
export class PlatformClock implements Clock {
  readonly speed: number;
  readonly #real: Clock;
  readonly #timers = new Set<PlatformTimer>();
  readonly #zero: number;
  #skipped = 0;
  /** The next timer, for which a timer of real time is set. */
  #armed: PlatformTimer | undefined;
  #disarm: Cancel = () => {};
  #advancing: Promise<void> = Promise.resolve();

  constructor(real: Clock, speed = 1) {
    this.#real = real;
    this.#zero = real.now();
    this.speed = speed;
  }

  now(): number {
    return this.#realMs * this.speed + this.#skipped;
  }

  /** Since its start. */
  get #realMs(): number {
    return this.#real.now() - this.#zero;
  }

  /** How far it has run ahead of real time since its start, by its speed and by `advance`: the date in platform time. */
  get aheadMs(): number {
    return this.#realMs * (this.speed - 1) + this.#skipped;
  }

  /** How far it has been moved forward, in ms. */
  get skippedMs(): number {
    return this.#skipped;
  }

  after(ms: number, task: () => void): Cancel {
    if (ms === Number.POSITIVE_INFINITY) return () => {};
    const timer = { due: this.now() + ms, task };
    this.#timers.add(timer);
    if (!this.#armed || timer.due < this.#armed.due) this.#arm();
    return () => {
      if (this.#timers.delete(timer) && timer === this.#armed) this.#arm();
    };
  }

  /**
   * Moves the clock forward by exactly `ms`, in addition to the real time that passes meanwhile. Runs the due timers in
   * order, and waits for `settled` after each, so that its consequences (a dyno that stops) happen before the next
   * timer. Concurrent calls queue up.
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

  /** Platform time until the next timer is due, in ms; Infinity without one. */
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
      // An earlier task in this loop may have canceled it.
      if (this.#timers.delete(timer)) timer.task();
    }
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    const next = this.#next();
    this.#armed = next;
    this.#disarm = next
      ? this.#real.after(Math.max(0, next.due - this.now()) / this.speed, () => this.#fireDue())
      : () => {};
  }
}

export function systemTime(speed = 1): Time {
  return { real: systemClock, platform: new PlatformClock(systemClock, speed), wall: systemWall };
}
