/** Calls listeners after an event. A listener that unsubscribes during a call is not called again. */
export class Emitter<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** The result unsubscribes. */
  subscribe(listener: (value: T) => void): () => void {
    // A wrapper, so that the same function may subscribe twice.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  emit(value: T): void {
    if (this.#listeners.size === 0) return;
    for (const listener of this.#listeners) listener(value);
  }

  /** Resolves with the next value, or with undefined when a signal is aborted. */
  next(...signals: readonly AbortSignal[]): Promise<T | undefined> {
    return new Promise((resolve) => {
      const settle = (value?: T): void => {
        unsubscribe();
        for (const signal of signals) signal.removeEventListener('abort', stop);
        resolve(value);
      };
      const stop = (): void => settle();
      const unsubscribe = this.subscribe(settle);
      for (const signal of signals) signal.addEventListener('abort', stop);
      if (signals.some(({ aborted }) => aborted)) stop();
    });
  }

  get size(): number {
    return this.#listeners.size;
  }
}
