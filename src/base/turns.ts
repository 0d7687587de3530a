/** Runs tasks one at a time, in the order in which they were added. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects like the task. A failed task does not stop the next. */
  take<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Resolves when all tasks added so far are over. */
  async over(): Promise<void> {
    await this.#last;
  }
}
