import { isFrom, type LogEntry } from '../../logs/entry.js';

/** Which entries of the log `start` prints. */
export class LogView {
  #only: string | undefined;

  /** @param name a dyno, a process type or the router; undefined: all */
  showOnly(name: string | undefined): void {
    this.#only = name;
  }

  shows(entry: LogEntry): boolean {
    return this.#only === undefined || isFrom(entry, this.#only);
  }
}
