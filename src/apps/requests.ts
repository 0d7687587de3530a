import {
  count,
  either,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  type ShapeOf,
  text,
} from '../base/shape.js';
import { DYNO_SIZE_NAMES } from '../base/sizes.js';

/**
 * What can be asked of an app, declared once: the types that callers are held to by the compiler, and the checks
 * that the API makes of what reaches it.
 */

const size = oneOf(...DYNO_SIZE_NAMES);

/** What is to become of process types. */
export const SCALE_REQUEST = object({
  changes: list(
    object({ type: text }, { quantity: either(object({ to: number }), object({ by: number })), size }),
  ),
});

/** Which dynos something is meant for. */
export const DYNO_TARGET = either(
  object({ kind: oneOf('type'), type: text }),
  either(object({ kind: oneOf('dyno'), name: text }), object({ kind: oneOf('all') })),
);
export type DynoTarget = ShapeOf<typeof DYNO_TARGET>;

/** Config vars to be set, or removed by null. */
export const CONFIG_CHANGES = record(nullable(text));
export type ConfigChanges = ShapeOf<typeof CONFIG_CHANGES>;

/** Of a terminal, in characters. */
const TERMINAL_SIZE = object({ columns: count, rows: count });
export type TerminalSize = ShapeOf<typeof TERMINAL_SIZE>;

/** A command to be run in a one-off dyno. */
export const RUN_REQUEST = object(
  {
    /** Its first word may be a process type, which stands for that type's command. */
    command: text,
    /** Variables beyond the config vars. */
    env: record(text),
  },
  {
    /** The size of the dyno; that of the others if left out. */
    size,
    /** What the dyno is named after instead of `run`. */
    type: text,
    /** Gives the command a terminal of this size instead of pipes, if a client attaches. */
    terminal: TERMINAL_SIZE,
  },
);
export type RunRequest = ShapeOf<typeof RUN_REQUEST>;

/** Which lines of the log: all that is given must match. */
export const LOG_FILTER = object(
  {
    /** How many of the latest matching lines to begin with; 1500 are kept. */
    lines: count,
    /** Goes on with each line that is written from then on. */
    tail: flag,
  },
  {
    /** `app` is what apps, API and add-ons say, `heroku` what the platform says. */
    source: text,
    /** `web.1`, or `router`. */
    dyno: text,
    /** All dynos of this process type. */
    type: text,
  },
);
export type LogFilter = ShapeOf<typeof LOG_FILTER>;
