import type { Cancel, Clock } from '../base/clock.js';

/**
 * Many deadlines on one timer. Nearly all deadlines are stopped or postponed long before they are due, so both must
 * be cheap: they only write a number. The timer fires at the earliest due time known when it was set, and then looks
 * for the next.
 */
export class Deadlines {
  readonly #clock: Clock;
  // Not a Set: constant adding and deleting would leave old hash tables for the garbage collector. Instead, each
  // deadline knows its index.
  readonly #running: Deadline[] = [];
  #alarmAt = Number.POSITIVE_INFINITY;
  #cancelAlarm: Cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(task: () => void): Deadline {
    return new Deadline(this, task);
  }

  /** Creates a deadline and starts it. */
  after(ms: number, task: () => void): Deadline {
    return this.create(task).start(ms);
  }

  /** Stops all deadlines for good. */
  close(): void {
    this.#running.length = 0;
    this.#cancelAlarm();
    // No due time is earlier, so the alarm is never set again.
    this.#alarmAt = Number.NEGATIVE_INFINITY;
  }

  /** For {@link Deadline}: returns when it is due. */
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
    // Deadlines that a task starts must set the alarm themselves.
    this.#alarmAt = Number.POSITIVE_INFINITY;
    for (const deadline of this.#running.filter(({ due }) => due <= now)) deadline.fire(now);
    let next = this.#alarmAt;
    for (const deadline of this.#running) next = Math.min(next, deadline.due);
    this.#setAlarm(next);
  }
}

/** A deadline that can be restarted any number of times. */
export class Deadline {
  readonly #deadlines: Deadlines;
  readonly #task: () => void;
  due = Number.POSITIVE_INFINITY;
  /** For {@link Deadlines}: its index there; -1 if it is not running. */
  place = -1;

  constructor(deadlines: Deadlines, task: () => void) {
    this.#deadlines = deadlines;
    this.#task = task;
  }

  /** Makes it due `ms` from now, whether or not it is running. */
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

  /** For {@link Deadlines}. Does nothing if another deadline's task has stopped or postponed this one. */
  fire(now: number): void {
    if (this.due > now) return;
    this.stop();
    this.#task();
  }
}
