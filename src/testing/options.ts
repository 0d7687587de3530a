import { fileURLToPath } from 'node:url';
import { parseBytes } from '../base/bytes.js';
import { parseDuration } from '../base/duration.js';
import { UserError } from '../base/errors.js';
import type { RealTimeouts } from '../base/limits.js';
import { enumerate, nearest, quote } from '../base/wording.js';

/** A duration: `'31m'`, `'1h30m'`, `'500ms'`, `'0s'`, `'never'`, or milliseconds. */
export type Duration = string | number;

/** Options of an app under test; only the folder is required. */
export interface TestAppOptions {
  /** The app's folder. */
  readonly dir: string | URL;
  /** Relative to the folder. Default: `Procfile`. */
  readonly procfile?: string;
  /** In place of a Procfile: `{ web: 'node web.js' }`. */
  readonly processes?: Readonly<Record<string, string>>;
  /** Config vars on top of those of the env files. */
  readonly env?: Readonly<Record<string, string>>;
  /** Relative to the folder; later ones win. `false`: none. Default: `.env`, if it exists. */
  readonly envFiles?: readonly string[] | false;
  /** The number of dynos by type. Those that are left out: 1. */
  readonly formation?: Readonly<Record<string, number>>;
  /** Of all dynos, or by type: `'standard-2x'`, `{ web: 'basic' }`. Default: `eco`. */
  readonly size?: string | Readonly<Record<string, string>>;
  /** Above how much memory a dyno gets R14: `'256m'`, or bytes. Default: its size's. */
  readonly memoryQuota?: string | number;
  /** How long without requests until the app sleeps, in platform time. Default: `'30m'`. */
  readonly sleepAfter?: Duration;
  /** How long the platform takes to wake the app, in platform time. Default: `'0s'`; on Heroku 5 seconds or more. */
  readonly wakeDelay?: Duration;
  /**
   * How long a dyno runs until the platform restarts it, in platform time, plus up to 15 % at random. Default:
   * `'never'`; on Heroku `'24h'`.
   */
  readonly cycleAfter?: Duration;
  /** How many times faster than real time platform time runs. Default: 1. */
  readonly speed?: number;
  /** In real time. Default: those of Heroku. */
  readonly timeouts?: { readonly [name in keyof RealTimeouts]?: Duration };
  /** What `startApp` waits for: until every dyno of the formation is up, or for nothing. Default: `up`. */
  readonly waitFor?: 'up' | 'nothing';
  /** Where the app's log is printed as it is written: nowhere, or on stdout. Default: `none`. */
  readonly output?: 'none' | 'inherit';
  /** Stops the app when it is aborted; a start that has not ended is then rejected. */
  readonly signal?: AbortSignal;
}

/**
 * Checks the value of an option.
 * @param name the option, as callers write it: `env.GREETING`
 * @throws UserError `BAD_OPTION`, which names it
 */
type Reader<T> = (value: unknown, name: string) => T;

const text: Reader<string> = (value, name) => {
  if (typeof value === 'string') return value;
  throw bad(name, 'a text', value);
};

/** @throws UserError `BAD_OPTION`, `BAD_DURATION` */
export const duration: Reader<number> = (value, name) => {
  if (typeof value === 'string') return parseDuration(value, name);
  if (typeof value === 'number' && value >= 0) return value;
  throw bad(name, "a duration such as '31m', or milliseconds", value);
};

const speed: Reader<number> = (value, name) => {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw bad(name, 'a number above 0', value);
};

const quantity: Reader<number> = (value, name) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw bad(name, 'a whole number from 0', value);
};

const folder: Reader<string> = (value, name) =>
  value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : text(value, name);

const signal: Reader<AbortSignal> = (value, name) => {
  if (value instanceof AbortSignal) return value;
  throw bad(name, 'an AbortSignal', value);
};

function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (value, name) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw bad(
      name,
      enumerate(
        words.map((word) => `'${word}'`),
        'or',
      ),
      value,
    );
  };
}

function record<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, name) =>
    Object.fromEntries(entriesOf(value, name).map(([key, item]) => [key, read(item, `${name}.${key}`)]));
}

/** A record without values that are undefined, and with no other keys. */
function only<T extends Readonly<Record<string, Reader<unknown>>>>(
  readers: T,
): Reader<{ readonly [key in keyof T]?: ReturnType<T[key]> }>;
function only(readers: Readonly<Record<string, Reader<unknown>>>): Reader<unknown> {
  return (value, name) => {
    const given = entriesOf(value, name).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      given.map(([key, item]) => {
        const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
        if (!read) throw unknown(key, name, Object.keys(readers));
        return [key, read(item, name === '' ? key : `${name}.${key}`)];
      }),
    );
  };
}

const envFiles: Reader<readonly string[] | false> = (value, name) => {
  if (value === false) return value;
  if (Array.isArray(value)) return value.map((item, index) => text(item, `${name}[${index}]`));
  throw bad(name, 'a list of files, or false', value);
};

const size: Reader<string | Readonly<Record<string, string>>> = (value, name) =>
  typeof value === 'string' ? value : record(text)(value, name);

const memoryQuota: Reader<number> = (value, name) => {
  if (typeof value === 'string') return parseBytes(value, name);
  if (typeof value === 'number' && value > 0) return value;
  throw bad(name, "an amount of memory such as '256m', or bytes", value);
};

const timeouts = only({
  boot: duration,
  shutdown: duration,
  request: duration,
  idleWindow: duration,
  queue: duration,
  connect: duration,
  clientKeepAlive: duration,
  dynoKeepAlive: duration,
} satisfies Record<keyof RealTimeouts, Reader<number>>);

/** Config vars to set, or to remove. */
export const configChanges = record<string | null>((value, name) =>
  value === null ? value : text(value, name),
);

export const formation = record(quantity);

export const killSignal = oneOf('SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP');

const ALL = only({
  dir: folder,
  procfile: text,
  processes: record(text),
  env: record(text),
  envFiles,
  formation,
  size,
  memoryQuota,
  sleepAfter: duration,
  wakeDelay: duration,
  cycleAfter: duration,
  speed,
  timeouts,
  waitFor: oneOf('up', 'nothing'),
  output: oneOf('none', 'inherit'),
  signal,
} satisfies Record<keyof TestAppOptions, Reader<unknown>>);

/** Options as read: durations in ms, memory in bytes. */
export type TestAppSettings = ReturnType<typeof ALL> & { readonly dir: string };

/** @throws UserError `BAD_OPTION`, `BAD_DURATION` */
export function readOptions(options: unknown): TestAppSettings {
  const { dir, ...rest } = ALL(options, '');
  if (dir === undefined) throw new UserError('BAD_OPTION', "The option dir is missing: the app's folder");
  if (rest.processes && rest.procfile !== undefined)
    throw new UserError('BAD_OPTION', 'The options procfile and processes exclude each other');
  return { ...rest, dir };
}

/**
 * Reads what an option names, such as a file.
 * @throws UserError as `work` does, with the option's name in front
 */
export async function ofOption<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `The option ${name}: ${error.message}`, error.hint);
  }
}

/** Options of `run`. */
export const runOptions = only({ input: text, env: record(text) });

/** Options of `waitForLog`. */
export const waitOptions = only({ timeout: duration });

function entriesOf(value: unknown, name: string): readonly (readonly [key: string, value: unknown])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw bad(name === '' ? 'options' : name, 'an object', value);
}

function bad(name: string, what: string, value: unknown): UserError {
  const given = typeof value === 'string' ? quote(value) : typeof value === 'number' ? value : kindOf(value);
  return new UserError('BAD_OPTION', `The option ${name} must be ${what}, and is ${given}`);
}

function kindOf(value: unknown): string {
  return value === null || value === undefined || typeof value === 'boolean'
    ? String(value)
    : Array.isArray(value)
      ? 'a list'
      : `of type ${typeof value}`;
}

function unknown(key: string, name: string, known: readonly string[]): UserError {
  const meant = nearest(key, known);
  return new UserError(
    'BAD_OPTION',
    `There is no option ${name === '' ? '' : `${name}.`}${key}`,
    meant === undefined ? `There are ${enumerate(known)}.` : `Did you mean ${meant}?`,
  );
}
