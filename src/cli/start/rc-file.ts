import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { UserError } from '../../base/errors.js';
import { nearest } from '../../base/wording.js';
import { readTextIfThere } from '../../procfile/read-text.js';
import { createStartCommand, givenFlags } from '../commands/start.js';
import { readOptions, type StartFlags } from './options.js';

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
    const problem = parseFlag(command, text);
    if (problem) throw new BadRcFile(index + 1, problem, suggestionFor(command, text) ?? HINT);
    try {
      readOptions(command.opts<StartFlags>(), dir, false);
    } catch (error) {
      throw error instanceof UserError ? new BadRcFile(index + 1, error.message, error.hint) : error;
    }
  }
  return givenFlags(command);
}

const HINT = 'Write one flag of "dynosim start" per line, for example: --port 3000';

function suggestionFor(command: Command, text: string): string | undefined {
  const [, name = ''] = /^--([\w-]+)/.exec(text) ?? [];
  const names = command.options.map(({ long }) => long?.slice(2) ?? '');
  const meant = names.includes(name) ? undefined : nearest(name, names);
  return meant && `Did you mean --${meant}?`;
}

/** Takes one line's flag into the command; what is wrong with it, if anything. */
function parseFlag(command: Command, text: string): string | undefined {
  const [, flag = text, written] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
  if (written !== undefined && /\s--?[a-z]/i.test(written)) return 'one flag per line';
  // Remove quotes, as a shell does.
  const value = written?.replace(/^(["'])(.*)\1$/, '$2');
  const [refused] = /^(?:-d|--dir|--new-token)\b/.exec(flag) ?? [];
  if (refused !== undefined) return `${refused} cannot be set here`;
  try {
    const { operands, unknown } = command.parseOptions(value === undefined ? [flag] : [flag, value]);
    const [rest] = [...unknown, ...operands];
    return rest === undefined ? undefined : `"${rest}" is not a flag`;
  } catch (error) {
    if (error instanceof CommanderError) return error.message.replace(/^error: /, '');
    throw error;
  }
}
