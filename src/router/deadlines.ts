import type { Cancel, Clock } from '../base/clock.js';

/**
 * Many deadlines on one timer. Nearly all of them are stopped or put off long before they are due, so that must
 * cost next to nothing: it only writes a number. The one timer fires when the earliest deadline *was* due when it
 * was set, and then looks again.
 */
export class Deadlines {
  readonly #clock: Clock;
  // Not a Set: one that is added to and deleted from all the time leaves tables behind that keep the garbage
  // collector busy. Each deadline knows its place instead.
  readonly #running: Deadline[] = [];
  #alarmAt = Number.POSITIVE_INFINITY;
  #cancelAlarm: Cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A deadline that is not running yet. */
  create(task: () => void): Deadline {
    return new Deadline(this, task);
  }

  /** A deadline that runs `ms` from now. */
  after(ms: number, task: () => void): Deadline {
    return this.create(task).start(ms);
  }

  /** Stops all; none will run any more. */
  close(): void {
    this.#running.length = 0;
    this.#cancelAlarm();
    // Later than nothing: no alarm is set again.
    this.#alarmAt = Number.NEGATIVE_INFINITY;
  }

  /** For {@link Deadline}: says when it falls due. */
  run(deadline: Deadline, ms: number): number {
    const due = this.#clock.now() + ms;
    if (deadline.place < 0) deadline.place = this.#running.push(deadline) - 1;
    if (due < this.#alarmAt) this.#setAlarm(due);
    return due;
  }

  /** For {@link Deadline}. */
  stop(deadline: Deadline): void {
    const last = this.#running.at(-1);
    if (deadline.place < 0 || last === undefined) return;
    last.place = deadline.place;
    this.#running[deadline.place] = last;
    this.#running.pop();
    deadline.place = -1;
  }

  #setAlarm(due: number): void {
    this.#cancelAlarm();
    this.#alarmAt = due;
    if (!Number.isFinite(due)) return;
    this.#cancelAlarm = this.#clock.after(due - this.#clock.now(), () => this.#ring());
  }

  #ring(): void {
    const now = this.#clock.now();
    // Tasks may start deadlines; those must set the alarm themselves.
    this.#alarmAt = Number.POSITIVE_INFINITY;
    for (const deadline of this.#running.filter(({ due }) => due <= now)) deadline.fire(now);
    let next = this.#alarmAt;
    for (const deadline of this.#running) next = Math.min(next, deadline.due);
    this.#setAlarm(next);
  }
}

/** One deadline: may be started again and again, each time anew. */
export class Deadline {
  readonly #deadlines: Deadlines;
  readonly #task: () => void;
  due = Number.POSITIVE_INFINITY;
  /** For {@link Deadlines}: -1 if it is not running. */
  place = -1;

  constructor(deadlines: Deadlines, task: () => void) {
    this.#deadlines = deadlines;
    this.#task = task;
  }

  /** Due `ms` from now, whatever it was before. */
  start(ms: number): this {
    this.due = this.#deadlines.run(this, ms);
    return this;
  }

  get isRunning(): boolean {
    return this.place >= 0;
  }

  stop(): void {
    this.#deadlines.stop(this);
    this.due = Number.POSITIVE_INFINITY;
  }

  /** For {@link Deadlines}; another one's task may have stopped it or put it off. */
  fire(now: number): void {
    if (this.due > now) return;
    this.stop();
    this.#task();
  }
}
