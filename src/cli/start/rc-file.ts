import { join } from 'node:path';
import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { UserError } from '../../base/errors.js';
import { nearest } from '../../base/wording.js';
import { readTextIfThere } from '../../procfile/read-text.js';
import { createStartCommand } from '../commands/start.js';
import type { StartFlags } from './options.js';

/** A line of `.dynosimrc` that is no flag of `start`. */
export class BadRcFile extends UserError {
  /** @param line from 1 */
  constructor(
    readonly line: number,
    readonly problem: string,
    hint: string | undefined,
  ) {
    super('BAD_RC_FILE', `${RC_FILE} line ${line}: ${problem}`, hint);
  }
}

/** Flags for `start` that an app always wants. */
export const RC_FILE = '.dynosimrc';

/**
 * The values of the flags in an app's `.dynosimrc`, one flag per line as on the command line; `#` begins a comment
 * line. Flags that are not there are not among the values.
 * @throws BadRcFile, UserError `RC_FILE_…`
 */
export function readRcFile(dir: string): Partial<StartFlags> {
  const source = { code: 'RC_FILE', file: RC_FILE, maxBytes: 64 * 1024, example: '--port 3000' };
  const lines = readTextIfThere(join(dir, RC_FILE), source)?.split(/\r\n?|\n/);
  if (lines === undefined) return {};
  const command = createStartCommand()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    try {
      parseFlag(command, text);
    } catch (error) {
      throw badLine(error, index + 1, suggestionFor(command, text) ?? HINT);
    }
  }
  return givenFlags(command);
}

/** The flags that were typed, without those that have their default values. */
export function givenFlags(command: Command): Partial<StartFlags> {
  const isTyped = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  return Object.fromEntries(Object.entries(command.opts()).filter(([name]) => isTyped(name)));
}

/**
 * The flags of `start` in an app's folder. Those on the command line count more than those in its `.dynosimrc`.
 * @param ignored flags that count only on the command line
 * @throws BadRcFile, UserError `RC_FILE_…`
 */
export function startFlags(
  dir: string,
  command = createStartCommand(),
  ignored: readonly (keyof StartFlags)[] = [],
): StartFlags {
  const kept = Object.entries(readRcFile(dir)).filter(([name]) => !ignored.some((one) => one === name));
  return { ...command.opts<StartFlags>(), ...Object.fromEntries(kept), ...givenFlags(command) };
}

const HINT = 'Write one flag of "dynosim start" per line, for example: --port 3000';

function suggestionFor(command: Command, text: string): string | undefined {
  const [, name = ''] = /^--([\w-]+)/.exec(text) ?? [];
  const names = command.options.map(({ long }) => long?.slice(2) ?? '');
  const meant = names.includes(name) ? undefined : nearest(name, names);
  return meant && `Did you mean --${meant}?`;
}

/** Takes one line's flag into the command. */
function parseFlag(command: Command, text: string): void {
  const [, flag = text, written] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
  if (written !== undefined && /\s--?[a-z]/i.test(written))
    throw new InvalidArgumentError('one flag per line');
  const [refused] = /^(?:-d|--dir|--new-token|-D|--detach|--in-background)\b/.exec(flag) ?? [];
  if (refused !== undefined) throw new InvalidArgumentError(`${refused} cannot be set here`);
  // Remove quotes, as a shell does.
  const value = written?.replace(/^(["'])(.*)\1$/, '$2');
  const { operands, unknown } = command.parseOptions(value === undefined ? [flag] : [flag, value]);
  const [rest] = [...unknown, ...operands];
  if (rest !== undefined) throw new InvalidArgumentError(`"${rest}" is not a flag`);
}

/** @param hint for an error of the library, which has none */
function badLine(error: unknown, line: number, hint: string): unknown {
  if (error instanceof CommanderError)
    return new BadRcFile(line, error.message.replace(/^error: /, ''), hint);
  return error instanceof UserError ? new BadRcFile(line, error.message, error.hint) : error;
}
