import { UserError } from '../base/errors.js';
import {
  count,
  either,
  flag,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  record,
  type Shape,
  type ShapeOf,
  text,
} from '../base/shape.js';
import { DYNO_SIZE_NAMES } from '../base/sizes.js';
import { withoutControls } from '../base/wording.js';
import type { TerminalSize } from '../dynos/contain/index.js';

export type { TerminalSize } from '../dynos/contain/index.js';

/**
 * The requests that an app takes, each declared once: as a type for callers, and as a check of what reaches the API.
 */

const size = oneOf(...DYNO_SIZE_NAMES);

/** A command that a dyno runs. */
export const COMMAND = matching(/\S/, 'a command');

/**
 * What happens when the first code of a new app goes live.
 * https://devcenter.heroku.com/articles/app-json-schema
 */
export const FIRST_DEPLOY = object(
  {},
  {
    /** By process type. Those that it does not name begin as on Heroku: with one dyno for web, and none for others. */
    formation: record(object({}, { quantity: count, size })),
    /** Runs once, in a one-off dyno. */
    postdeploy: COMMAND,
  },
);
export type FirstDeploy = ShapeOf<typeof FIRST_DEPLOY>;

/** Changes to process types. */
export const SCALE_REQUEST = object({
  changes: list(
    object({ type: text }, { quantity: either(object({ to: number }), object({ by: number })), size }),
  ),
});

/** Which dynos a request is for. */
export const DYNO_TARGET = either(
  object({ kind: oneOf('type'), type: text }),
  either(object({ kind: oneOf('dyno'), name: text }), object({ kind: oneOf('all') })),
);
export type DynoTarget = ShapeOf<typeof DYNO_TARGET>;

/** Reads which dynos a word means; all without one. A word with a dot names a dyno: process types have no dots. */
export function targetOf(word: string | undefined): DynoTarget {
  if (word === undefined) return { kind: 'all' };
  return word.includes('.') ? { kind: 'dyno', name: word } : { kind: 'type', type: word };
}

/** Whether a dyno is meant. */
export function isIn(
  target: DynoTarget,
  { name, type }: { readonly name: string; readonly type: string },
): boolean {
  return target.kind === 'all' || (target.kind === 'type' ? type === target.type : name === target.name);
}

/** A signal to every process of one dyno: those that each way of containment can send. */
export const SIGNAL_REQUEST = object({
  dyno: text,
  signal: oneOf('SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'),
});
export type SignalRequest = ShapeOf<typeof SIGNAL_REQUEST>;

/** Config vars to set; null removes one. */
export const CONFIG_CHANGES = record(nullable(text));
export type ConfigChanges = ShapeOf<typeof CONFIG_CHANGES>;

const TERMINAL_SIZE: Shape<TerminalSize> = object({ columns: count, rows: count });

/** The first part of a one-off dyno's name. */
export const ONE_OFF_TYPE = matching(/^[\w-]+$/, 'letters, digits, - and _');

/** A command to run in a one-off dyno. */
export const RUN_REQUEST = object(
  {
    /** Its first word may be a process type, which stands for that type's command. */
    command: COMMAND,
    /** Variables beyond the config vars. */
    env: record(text),
  },
  {
    /** The size of the dyno; by default that of the others. */
    size,
    /** By default `run`. */
    type: ONE_OFF_TYPE,
    /** Gives the command a terminal of this size instead of pipes, if a client attaches. */
    terminal: TERMINAL_SIZE,
  },
);
export type RunRequest = ShapeOf<typeof RUN_REQUEST>;

/** A command to run beside a dyno. */
export const EXEC_REQUEST = object(
  {
    /** `web.1` */
    dyno: text,
    command: COMMAND,
    /** Variables beyond those of the dyno. */
    env: record(text),
  },
  {
    /** Gives the command a terminal of this size instead of pipes. */
    terminal: TERMINAL_SIZE,
  },
);
export type ExecRequest = ShapeOf<typeof EXEC_REQUEST>;

/** A text that is shown as part of a line, and given to programs as an argument. */
const line: Shape<string> = (value, where) => {
  const given = text(value, where);
  if (given.length <= LONGEST_LINE && withoutControls(given) === given) return given;
  throw new UserError('BAD_REQUEST', `${where} must be a line of at most ${LONGEST_LINE} characters`);
};

const LONGEST_LINE = 500;

/** An archive to build. */
export const ARCHIVE_REQUEST = object(
  {
    /** Where it is, on the host or on the web. */
    url: text,
  },
  {
    /** The commit, or what else names the source. */
    version: line,
    /** `SHA256:` and its hexadecimal digits. */
    checksum: text,
    /** For this build, instead of those that are set. */
    buildpacks: list(text),
  },
);
export type ArchiveRequest = ShapeOf<typeof ARCHIVE_REQUEST>;

/** A release of code that was released before. */
export const RELEASE_REQUEST = object(
  {},
  {
    /** The id of its slug; by default that of the last deploy. */
    slug: text,
    /** In the words of Heroku's API. */
    description: line,
  },
);
export type ReleaseRequest = ShapeOf<typeof RELEASE_REQUEST>;

/** How far back metrics go. */
export const METRICS_REQUEST = object({ window: oneOf('5m', '1h', '24h') });

/** Which lines of the log to read: an entry must match every given field. */
export const LOG_FILTER = object(
  {
    /** How many of the latest matching lines to begin with; 1500 of each dyno are kept. */
    lines: count,
    /** Whether to follow the log. */
    tail: flag,
  },
  {
    /** `app` for apps, API and add-ons, `heroku` for the platform. */
    source: text,
    /** `web.1`, or `router`. */
    dyno: text,
    /** All dynos of this process type. */
    type: text,
    /** No lines of these dynos or process types, or of the router. */
    exclude: list(text),
    /** Only lines from this wall-clock time on, ms. */
    since: number,
  },
);
export type LogFilter = ShapeOf<typeof LOG_FILTER>;
