import { type Command, Option } from 'commander';
import { UserError } from '../base/errors.js';
import { addAppFlags, plainCommand } from './app-command.js';
import type { AppFlags } from './connect.js';

/** Which dynos a command is about: one, those of a type, or all. */
export interface DynoTarget {
  readonly dyno?: string;
  readonly type?: string;
}

export interface TargetFlags extends AppFlags {
  readonly dynoName?: string;
  readonly processType?: string;
}

/** A command about dynos of a running app: which ones is said by a word, or by the flags of Heroku's CLI. */
export function targetCommand(name: string, summary: string, ...aliases: readonly string[]): Command {
  // -d is the dyno, as it is for Heroku's CLI.
  return addAppFlags(plainCommand(name, summary, ...aliases), '--dir <dir>')
    .argument('[type|dyno]', 'a process type (web) or a dyno (web.1)')
    .addOption(new Option('-p, --process-type <type>', 'the process type').conflicts('dynoName'))
    .option('-d, --dyno-name <dyno>', 'the dyno');
}

/**
 * Reads them. A word with a dot is a dyno's name: a process type cannot have one.
 * @throws UserError `TWO_TARGETS`
 */
export function readTarget(word: string | undefined, { dynoName, processType }: TargetFlags): DynoTarget {
  const flag = dynoName ?? processType;
  if (word !== undefined && flag !== undefined) {
    throw new UserError('TWO_TARGETS', `Both ${word} and ${flag} are named`, 'Name one type or one dyno.');
  }
  if (processType !== undefined) return { type: processType };
  const name = dynoName ?? word;
  if (name === undefined) return {};
  return dynoName !== undefined || name.includes('.') ? { dyno: name } : { type: name };
}

export function isAll({ dyno, type }: DynoTarget): boolean {
  return dyno === undefined && type === undefined;
}

/** In the words of Heroku's CLI. */
export function describeTarget({ dyno, type }: DynoTarget): string {
  if (dyno !== undefined) return `dyno ${dyno}`;
  return type === undefined ? 'all dynos' : `all ${type} dynos`;
}
