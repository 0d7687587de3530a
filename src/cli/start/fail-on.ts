import { enumerate } from '../../base/wording.js';
import { type ErrorCode, errorCodeIn } from '../../host/error-codes.js';
import type { LogEntry } from '../../logs/entry.js';

/** Counts the errors for which a run fails, as `--fail-on` asks. */
export class FailOn {
  readonly #codes: readonly ErrorCode[];
  readonly #counts = new Map<ErrorCode, number>();

  constructor(codes: readonly ErrorCode[]) {
    this.#codes = codes;
  }

  readonly take = (entry: LogEntry): void => {
    if (this.#codes.length === 0) return;
    const code = errorCodeIn(entry);
    if (code === undefined || !this.#codes.includes(code)) return;
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  };

  /** What has occurred, a line for people; undefined: nothing. */
  get failure(): string | undefined {
    if (this.#counts.size === 0) return undefined;
    const codes = [...this.#counts].map(([code, count]) => (count === 1 ? code : `${code} (${count} times)`));
    return `failed, as --fail-on asks, because of ${enumerate(codes)}`;
  }
}
