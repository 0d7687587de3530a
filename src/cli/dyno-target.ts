import { type Command, Option } from 'commander';
import { type DynoTarget, targetOf } from '../apps/requests.js';
import { UserError } from '../base/errors.js';
import { addAppFlags, plainCommand } from './app-command.js';
import type { AppFlags } from './connect.js';

export interface TargetFlags extends AppFlags {
  readonly dynoName?: string;
  readonly processType?: string;
}

/** A command about dynos of a running app, selected by an argument or by the flags of Heroku's CLI. */
export function targetCommand(name: string, summary: string, ...aliases: readonly string[]): Command {
  // -d is the dyno, as it is for Heroku's CLI.
  return addAppFlags(plainCommand(name, summary, ...aliases), '--dir <dir>')
    .argument('[type|dyno]', 'a process type (web) or a dyno (web.1)')
    .addOption(new Option('-p, --process-type <type>', 'the process type').conflicts('dynoName'))
    .option('-d, --dyno-name <dyno>', 'the dyno');
}

/**
 * Reads which dynos a command is about.
 * @throws UserError `TWO_TARGETS`
 */
export function readTarget(word: string | undefined, { dynoName, processType }: TargetFlags): DynoTarget {
  const flag = dynoName ?? processType;
  if (word !== undefined && flag !== undefined) {
    throw new UserError('TWO_TARGETS', `Both ${word} and ${flag} are named`, 'Name one type or one dyno.');
  }
  if (processType !== undefined) return { kind: 'type', type: processType };
  return dynoName === undefined ? targetOf(word) : { kind: 'dyno', name: dynoName };
}

/** In the words of Heroku's CLI. */
export function describeTarget(target: DynoTarget): string {
  if (target.kind === 'all') return 'all dynos';
  return target.kind === 'dyno' ? `dyno ${target.name}` : `all ${target.type} dynos`;
}
