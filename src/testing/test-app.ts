import type { DynoJson } from '../apps/dyno-json.js';
import type { SignalRequest } from '../apps/requests.js';
import type { ReportView } from '../apps/sleep/views.js';
import type { LogJson } from '../logs/entry.js';
import type { Duration } from './options.js';

/** A line of the app's log. */
export type TestLogEntry = LogJson;

/** How a command in a one-off dyno has ended. */
export interface RunResult {
  /** Its exit status, as in a shell. */
  readonly status: number;
  /** stdout and stderr, in order. */
  readonly output: string;
}

/** A signal to a dyno's processes. */
export type KillSignal = SignalRequest['signal'];

/**
 * A running app under test. Each method that fails throws an error whose message ends with the last lines of the app's log;
 * errors of dynosim's own have a `code`. `await using` stops the app at the end of the block.
 */
export interface TestApp extends AsyncDisposable {
  readonly name: string;
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  /** `https://localhost:41234`; the certificate is one of the user's own authority, see `dynosim trust`. */
  readonly httpsUrl: string;
  readonly port: number;
  /**
   * The log so far, oldest entry first; the same array does not grow. If dynos flood it, at least the newest 100,000 of
   * their lines.
   */
  readonly logs: readonly TestLogEntry[];

  /** Sends a request to the app. As the global `fetch`, except that a path is enough. */
  fetch(path: string, init?: RequestInit): Promise<Response>;

  /** All dynos, as `dynosim ps --json` prints them; one-off dynos first. */
  dynos(): Promise<readonly DynoJson[]>;
  /** @throws UserError `NO_SUCH_DYNO` */
  dyno(name: string): Promise<DynoJson>;
  /**
   * Resolves when every dyno is up.
   * @param what only the dynos of this type, or this dyno
   * @throws UserError `DYNO_CRASHED` as soon as one crashes, `ASLEEP`, `NO_SUCH_DYNO`
   */
  up(what?: string): Promise<void>;
  /** Resolves when no dyno starts or stops, nor will by what was asked for before. */
  settled(): Promise<void>;

  /** Moves platform time forward. Resolves when all that has fallen due has happened. */
  advance(duration: Duration): Promise<void>;
  /**
   * Puts the app to sleep.
   * @throws UserError `NEVER_SLEEPS`, `BUSY`
   */
  sleep(): Promise<void>;
  /**
   * Wakes the app.
   * @throws UserError `NEVER_SLEEPS`, `QUOTA_USED`
   */
  wake(): Promise<void>;

  /**
   * Changes the number of dynos by type, of all types that are named or of none.
   * @throws UserError `UNKNOWN_TYPE`, `TOO_MANY_DYNOS`
   */
  scale(formation: Readonly<Record<string, number>>): Promise<void>;
  /**
   * Restarts dynos. Resolves when their new runs have begun; the old ones may still be stopping.
   * @param what only the dynos of this type, or this dyno
   * @throws UserError `NO_SUCH_DYNO`
   */
  restart(what?: string): Promise<void>;
  /**
   * Sends a signal to every process of a dyno, without the platform's knowing: a dyno that ends by it has crashed.
   * @param signal SIGKILL, the default, resolves when the processes are gone; others when they are sent
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS`
   */
  kill(dyno: string, signal?: KillSignal): Promise<void>;

  /** The config vars that are set. */
  config(): Promise<Readonly<Record<string, string>>>;
  /**
   * Sets config vars, and removes those that are null: by a release, which restarts all dynos. No file is written.
   * Resolves when the new runs have begun.
   * @returns the config vars that are set now
   * @throws UserError `BAD_CONFIG_VAR`
   */
  config(changes: Readonly<Record<string, string | null>>): Promise<Readonly<Record<string, string>>>;

  /**
   * Runs a command in a one-off dyno to its end.
   * @param options.input for its stdin, which ends after it
   * @param options.env variables beyond the config vars
   */
  run(
    command: string,
    options?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<RunResult>;

  /**
   * Resolves with the first entry of the log whose line matches, even if that was written before.
   * @param pattern a text is contained in the line
   * @param options.timeout real time. Default: never
   * @throws UserError `NOT_LOGGED` after the timeout
   */
  waitForLog(pattern: string | RegExp, options?: { readonly timeout?: Duration }): Promise<TestLogEntry>;

  /** Wakes, what they cost and what sleep has saved, as `dynosim report --json` prints it. */
  report(): Promise<ReportView>;

  /**
   * Brings the app back to how it began: its first formation and config vars, new runs of all dynos, and none of the platform
   * time, the log or the report so far. Resolves when every dyno is up; the old runs may still be stopping.
   * @throws UserError `DYNO_CRASHED`
   */
  reset(): Promise<void>;

  /** Stops the app gracefully. Resolves when none of its processes is left. A second call is the same promise. */
  stop(): Promise<void>;
}
