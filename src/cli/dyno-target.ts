import { type Command, Option } from 'commander';
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

/** Adds the ways to say which dynos: a word, and the flags of Heroku's CLI. */
export function addTarget(command: Command): Command {
  return command
    .argument('[type|dyno]', 'a process type (web) or a dyno (web.1)')
    .addOption(new Option('-p, --process-type <type>', 'the process type').conflicts('dynoName'))
    .option('--dyno-name <dyno>', 'the dyno');
}

/** Reads them. A word with a dot is a dyno's name: a process type cannot have one. */
export function readTarget(word: string | undefined, { dynoName, processType }: TargetFlags): DynoTarget {
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
