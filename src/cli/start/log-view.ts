import { isFrom, type LogEntry } from '../../logs/entry.js';

/** Which entries of the log `start` prints. */
export class LogView {
  readonly #hidden: readonly string[];
  readonly #hasDetails: boolean;
  #only: string | undefined;

  /** @param hidden dynos, process types or the router, unless one of them is all that is to be shown */
  constructor({ hidden, hasDetails }: { readonly hidden: readonly string[]; readonly hasDetails: boolean }) {
    this.#hidden = hidden;
    this.#hasDetails = hasDetails;
  }

  /** @param name a dyno, a process type or the router; undefined: all */
  showOnly(name: string | undefined): void {
    this.#only = name;
  }

  shows(entry: LogEntry): boolean {
    if (entry.isDetail && !this.#hasDetails) return false;
    if (this.#only !== undefined) return isFrom(entry, this.#only);
    return !this.#hidden.some((name) => isFrom(entry, name));
  }
}
