import { existsSync } from 'node:fs';
import { COMMAND, ONE_OFF_TYPE, type RunRequest } from '../../apps/requests.js';
import { UserError } from '../../base/errors.js';
import { parseDynoSize } from '../../base/sizes.js';
import type { AppFlags } from '../connect.js';
import { note } from '../output.js';

export interface RunFlags extends AppFlags {
  readonly env?: string;
  readonly size?: string;
  readonly type?: string;
  /** False: the command gets no terminal, even if there is one. */
  readonly tty: boolean;
}

/** @throws UserError `BAD_REQUEST`, `UNKNOWN_SIZE`, `BAD_ENV_FLAG` */
export function readRunRequest(words: readonly string[], { env, size, type }: RunFlags): RunRequest {
  return {
    command: COMMAND(buildCommand(words), 'The argument'),
    env: readVars(env),
    ...(size !== undefined && { size: parseDynoSize(size) }),
    ...(type !== undefined && { type: ONE_OFF_TYPE(type, '--type') }),
  };
}

/**
 * Joins the words to one line for the dyno's shell, as Heroku's CLI does. A single word is a line already.
 * https://github.com/heroku/cli/blob/main/src/lib/run/helpers.ts
 */
export function buildCommand(words: readonly string[]): string {
  const [first = ''] = words;
  return words.length === 1 ? first : words.map(quoteWord).join(' ').trim();
}

function quoteWord(word: string): string {
  return /[ "]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word;
}

/** `A=1;B=2`. Anything else is left out with a warning, as in Heroku's CLI. */
function readVars(text: string | undefined): Readonly<Record<string, string>> {
  const vars: Record<string, string> = {};
  for (const part of text?.split(';') ?? []) {
    const [, name, value = ''] = /^\s*([\w.-]+)\s*=\s*(.*)?\s*$/s.exec(part) ?? [];
    if (name === undefined && existsSync(part)) throw namesFile(part);
    if (name === undefined) note(`dynosim: env flag ${part} appears invalid. Avoid using ';' in values.`);
    else vars[name] = value;
  }
  return vars;
}

/** The same flag of `start`, `config` and `check` takes files. */
function namesFile(file: string): UserError {
  const message = `-e of "dynosim run" takes variables, but ${file} is a file`;
  const hint = `Write -e "A=1;B=2"; the app's own env files are read anyway.`;
  return new UserError('BAD_ENV_FLAG', message, hint);
}
