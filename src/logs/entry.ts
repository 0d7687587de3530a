/** The source of a line: the app, the simulated platform, or dynosim itself (never mixed up with the platform). */
export type LogSource = 'app' | 'heroku' | 'dynosim';

/**
 * Where a piece of a line stands that was printed with a pause in between (`Compiling... ` and, later, `done`).
 * Each piece is an entry; a terminal puts them on one row again.
 */
export type LinePart = 'first' | 'middle' | 'last';

/** One line of an app's log. */
export interface LogEntry {
  /** Wall-clock ms since 1970, microseconds as fraction. */
  readonly at: number;
  readonly source: LogSource;
  /** Its name, in the log of a host of many apps. */
  readonly app?: string;
  /** `web.1`, `run.1234`, `router`, `api`. */
  readonly dyno: string;
  /** Without line end. */
  readonly line: string;
  /** A shorter wording for people at a terminal; every other output has `line`. */
  readonly brief?: (() => string) | undefined;
  /** Missing for a line that came in one piece, as nearly all do. */
  readonly part?: LinePart | undefined;
}

/** Whether an app's own process printed it. The API's lines have the source `app` too, as on Heroku. */
export function isFromApp({ source, dyno }: LogEntry): boolean {
  return source === 'app' && dyno !== 'api';
}

/**
 * `2024-01-01T00:00:00.000000+00:00`: UTC with microseconds, the offset always written out.
 * https://devcenter.heroku.com/articles/logging#log-format
 */
export function herokuTime(at: number): string {
  const micros = Math.floor(at * 1000);
  const second = Math.floor(micros / 1e6);
  if (second !== lastSecond.is)
    lastSecond = { is: second, text: new Date(second * 1000).toISOString().slice(0, -'.000Z'.length) };
  return `${lastSecond.text}.${String(micros - second * 1e6).padStart(6, '0')}+00:00`;
}

/** Thousands of lines are of the same second, and dates take long to write. */
let lastSecond = { is: Number.NaN, text: '' };

/** A line as `heroku logs` shows it: `<time> app[web.1]: text`. https://devcenter.heroku.com/articles/logging#log-format */
export function herokuLine(entry: LogEntry): string {
  return `${herokuHead(entry)} ${entry.line}`;
}

/** The part of such a line before its text. */
export function herokuHead({ at, source, app, dyno }: LogEntry): string {
  return `${herokuTime(at)} ${app === undefined ? '' : `${app} `}${source}[${dyno}]:`;
}
