/** Tells listeners that something changed. A listener that unsubscribes while being told is not told again. */
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

  /** Resolves with the next value, or with undefined once somebody has had enough. */
  next(...enough: readonly AbortSignal[]): Promise<T | undefined> {
    return new Promise((resolve) => {
      const settle = (value?: T): void => {
        unsubscribe();
        for (const signal of enough) signal.removeEventListener('abort', stop);
        resolve(value);
      };
      const stop = (): void => settle();
      const unsubscribe = this.subscribe(settle);
      for (const signal of enough) signal.addEventListener('abort', stop);
      if (enough.some(({ aborted }) => aborted)) stop();
    });
  }

  get size(): number {
    return this.#listeners.size;
  }
}
