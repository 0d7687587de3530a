interface Slot<T> {
  readonly step: number;
  readonly value: T;
}

/** Values of the latest steps of time, each made when it is first used: a time in which nothing happens takes no memory. */
export class TimeRing<T> {
  readonly stepMs: number;
  readonly #size: number;
  /** By the number of the step, modulo the size. */
  readonly #slots = new Map<number, Slot<T>>();

  /** @param size how many steps to keep */
  constructor(stepMs: number, size: number) {
    this.stepMs = stepMs;
    this.#size = size;
  }

  /**
   * The value of a moment's step.
   * @param make makes it, if possible from the value of a step that is no longer kept
   */
  at(ms: number, make: (old: T | undefined) => T): T {
    const step = Math.floor(ms / this.stepMs);
    const slot = this.#slots.get(step % this.#size);
    if (slot?.step === step) return slot.value;
    const value = make(slot?.value);
    this.#slots.set(step % this.#size, { step, value });
    return value;
  }

  /** Sets the value of a moment's step. */
  set(ms: number, value: T): void {
    const step = Math.floor(ms / this.stepMs);
    this.#slots.set(step % this.#size, { step, value });
  }

  /** The value of a moment's step, if there is one. */
  find(ms: number): T | undefined {
    const step = Math.floor(ms / this.stepMs);
    const slot = this.#slots.get(step % this.#size);
    return slot?.step === step ? slot.value : undefined;
  }

  /** The steps that began within a time and have a value, oldest first. */
  between(from: number, until: number): readonly { readonly at: number; readonly value: T }[] {
    const found: { at: number; value: T }[] = [];
    const last = Math.ceil(until / this.stepMs) - 1;
    for (let step = Math.max(Math.ceil(from / this.stepMs), last - this.#size + 1); step <= last; step += 1) {
      const slot = this.#slots.get(step % this.#size);
      if (slot?.step === step) found.push({ at: step * this.stepMs, value: slot.value });
    }
    return found;
  }
}
