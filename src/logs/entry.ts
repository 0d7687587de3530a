/** The source of a line: the app, the simulated platform, or dynosim itself. */
export type LogSource = 'app' | 'heroku' | 'dynosim';

/**
 * The position of an entry in a line that was printed with pauses (`Compiling... ` and, later, `done`). A terminal
 * shows all parts on one row.
 */
export type LinePart = 'first' | 'middle' | 'last';

/** What a line of the router says, for programs. Times in ms, null for what the line leaves empty. */
export interface RouterFacts {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly status: number;
  /** `H12`; null if there was no error. */
  readonly code: string | null;
  /** Null if none was chosen. */
  readonly dyno: string | null;
  readonly connectMs: number | null;
  readonly serviceMs: number | null;
  readonly bytes: number | null;
  readonly requestId: string;
  /** The client's address. */
  readonly client: string;
  readonly userAgent: string;
  /** Whether it waited in the router for a dyno. */
  readonly isHeld: boolean;
  readonly timeline: RequestTimeline;
}

/** Where the time of a request went, in order: parts that add up to `totalMs`, each rounded to a tenth. */
export interface RequestTimeline {
  /** In the router, except for what follows. */
  readonly queuedMs: number;
  /** For the platform's delay of a wake. */
  readonly delayMs: number;
  /** For the dyno's boot. */
  readonly bootMs: number;
  readonly connectMs: number;
  /** From the dyno's receipt of the request to the first byte, or to the end without one; null if no dyno got it. */
  readonly firstByteMs: number | null;
  /** From the first byte to the last, or to the end of a websocket; null without a response. */
  readonly bodyMs: number | null;
  readonly totalMs: number;
}

/** One line of an app's log. */
export interface LogEntry {
  /** Wall-clock ms since 1970, with microseconds as a fraction. */
  readonly at: number;
  readonly source: LogSource;
  /** The app's name, in the log of a host of many apps. */
  readonly app?: string;
  /** `web.1`, `run.1234`, `router`, `api`. */
  readonly dyno: string;
  /** Without the line end. */
  readonly line: string;
  /** A shorter text for terminals; all other outputs show `line`. */
  readonly brief?: (() => string) | undefined;
  /** Only of a line of the router. */
  readonly router?: RouterFacts;
  /** Part of what another line sums up: the terminal of `start` shows it only if it is asked to. */
  readonly isDetail?: true;
  /** Undefined for a line printed without a pause, as nearly all are. */
  readonly part?: LinePart | undefined;
}

/** A line of the log as plain values. */
export interface LogLine extends Omit<LogEntry, 'brief'> {
  /** A shorter text for terminals. */
  readonly brief?: string;
}

export function toLogLine({ brief, ...entry }: LogEntry): LogLine {
  return { ...entry, ...(brief && { brief: brief() }) };
}

/** An entry for programs, with the keys of `start --log-format json`. */
export interface LogJson {
  /** ISO 8601. */
  readonly time: string;
  readonly source: LogSource;
  /** `web.1`, `run.1234`, `router`, `api`. */
  readonly dyno: string;
  /** Without the line end. */
  readonly line: string;
  /** Only of a line of the router. */
  readonly router?: RouterFacts;
}

export function toLogJson({ at, source, dyno, line, router }: LogEntry): LogJson {
  return { time: new Date(at).toISOString(), source, dyno, line, ...(router && { router }) };
}

/** Whether an app's own process printed the line. The API's lines, too, have the source `app`, as on Heroku. */
export function isFromApp({ source, dyno }: LogEntry): boolean {
  return source === 'app' && dyno !== 'api';
}

/** Whether a name is that of a one-off dyno: `release.3212`. */
export function isOneOffName(dyno: string): boolean {
  return /\.\d{4,}$/.test(dyno);
}

/** Whether an entry comes from this dyno (`web.1`), or from any of this process type (`web`). */
export function isFrom({ dyno }: Pick<LogEntry, 'dyno'>, name: string): boolean {
  return dyno === name || dyno.startsWith(`${name}.`);
}

/**
 * `2024-01-01T00:00:00.000000+00:00`: UTC with microseconds and the full offset.
 * https://devcenter.heroku.com/articles/logging#log-format
 */
export function herokuTime(at: number): string {
  const micros = Math.floor(at * 1000);
  const second = Math.floor(micros / 1e6);
  if (second !== lastSecond.is)
    lastSecond = { is: second, text: new Date(second * 1000).toISOString().slice(0, -'.000Z'.length) };
  return `${lastSecond.text}.${String(micros - second * 1e6).padStart(6, '0')}+00:00`;
}

/** A cache: thousands of lines share a second, and formatting dates is slow. */
let lastSecond = { is: Number.NaN, text: '' };

/** A line of `heroku logs`: `<time> app[web.1]: text`. https://devcenter.heroku.com/articles/logging#log-format */
export function herokuLine(entry: LogEntry): string {
  return `${herokuHead(entry)} ${entry.line}`;
}

/** The part of such a line before the text. */
export function herokuHead({ at, source, app, dyno }: LogEntry): string {
  return `${herokuTime(at)} ${app === undefined ? '' : `${app} `}${source}[${dyno}]:`;
}
