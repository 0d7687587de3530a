import type { Cancel, Clock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { Emitter } from '../base/emitter.js';
import { UserError } from '../base/errors.js';
import type { LogBus } from '../logs/bus.js';
import { herokuHead, isFromApp, type LogEntry, toLogJson } from '../logs/entry.js';
import type { TestLogEntry } from './test-app.js';
import { stopped } from './waits.js';

/** How many lines an error shows. */
const LAST_LINES = 20;

/** How many lines of dynos are kept at least: of an app that floods its log, memory could not hold all. */
const KEPT_LINES = 100_000;

/** The log of an app under test: all of it, except the older lines of dynos that flood it. */
export class LogRecord {
  #entries: LogEntry[] = [];
  #outputLines = 0;
  readonly #added = new Emitter<LogEntry>();

  constructor(logs: Pick<LogBus, 'subscribe'>) {
    logs.subscribe((entry) => {
      this.#entries.push(entry);
      this.#outputLines += isFromApp(entry) ? 1 : 0;
      if (this.#outputLines >= 2 * KEPT_LINES) this.#forgetOldLines();
      this.#added.emit(entry);
    });
  }

  /** What the platform says is kept. */
  #forgetOldLines(): void {
    const from = this.#entries.length - KEPT_LINES;
    this.#entries = this.#entries.filter((entry, index) => index >= from || !isFromApp(entry));
    this.#outputLines = this.#entries.filter(isFromApp).length;
  }

  /** Forgets all entries. */
  clear(): void {
    this.#entries = [];
    this.#outputLines = 0;
  }

  get entries(): readonly TestLogEntry[] {
    return this.#entries.map(toLogJson);
  }

  /** The newest lines, without their times. */
  get lastLines(): readonly string[] {
    return this.#entries.slice(-LAST_LINES).map((entry) => {
      const [, ...head] = herokuHead(entry).split(' ');
      return `${head.join(' ')} ${entry.line}`;
    });
  }

  /**
   * The first entry whose line matches, now or later.
   * @param pattern a text is contained in the line
   * @throws UserError `NOT_LOGGED`, `STOPPED`
   */
  first(
    pattern: string | RegExp,
    { timeoutMs, clock, signal }: { timeoutMs: number; clock: Clock; signal: AbortSignal },
  ): Promise<TestLogEntry> {
    const matches = ({ line }: LogEntry): boolean =>
      // Unlike `test`, not from where a global pattern has matched last.
      typeof pattern === 'string' ? line.includes(pattern) : line.search(pattern) !== -1;
    const past = this.#entries.find(matches);
    if (past) return Promise.resolve(toLogJson(past));
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        unsubscribe();
        giveUp();
        signal.removeEventListener('abort', stop);
        settle();
      };
      const stop = (): void => end(() => reject(stopped()));
      signal.addEventListener('abort', stop);
      const giveUp = clock.after(timeoutMs, () => end(() => reject(notLogged(pattern, timeoutMs))));
      const unsubscribe = this.onNext(matches, (entry) => end(() => resolve(entry)));
    });
  }

  /** Calls the listener with the next entry that matches, once. The result ends that. */
  onNext(matches: (entry: LogEntry) => boolean, listener: (entry: TestLogEntry) => void): Cancel {
    const unsubscribe = this.#added.subscribe((entry) => {
      if (!matches(entry)) return;
      unsubscribe();
      listener(toLogJson(entry));
    });
    return unsubscribe;
  }
}

function notLogged(pattern: string | RegExp, timeoutMs: number): UserError {
  const what = typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern);
  return new UserError('NOT_LOGGED', `No line has matched ${what} within ${formatDuration(timeoutMs)}`);
}
