import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { examples } from '../app-command.js';
import { changeConfig, configCommand, printVars } from '../config-command.js';
import type { ConfigFlags } from '../config-store.js';

/** `dynosim config:set` */
export function createConfigSetCommand(): Command {
  const command = configCommand('config:set', 'set config vars', 'config:add')
    .description(
      'Sets config vars in the last env file that has them, or in the last one; nothing else in the file ' +
        'changes. A running app gets a new release, and all its dynos restart.',
    )
    .argument('<key=value...>', 'RAILS_ENV=staging')
    .action(async (args: readonly string[], flags: ConfigFlags) => {
      const changes = new Map(args.map(parseVar));
      const { vars } = await changeConfig('Setting', changes, flags);
      printVars([...changes.keys()].map((key) => [key, vars[key] ?? '']));
    });
  return examples(command, 'config:set RAILS_ENV=staging', "config:set GREETING='Hello, world' DEBUG=");
}

/** `dynosim config:unset` */
export function createConfigUnsetCommand(): Command {
  const command = configCommand('config:unset', 'remove config vars', 'config:remove')
    .description(
      'Removes config vars from the env files; nothing else in them changes. A running app gets a new release, ' +
        'and all its dynos restart.',
    )
    .argument('<key...>', 'RAILS_ENV')
    .action(async (keys: readonly string[], flags: ConfigFlags) => {
      await changeConfig('Unsetting', new Map(keys.map((key) => [key, null])), flags);
    });
  return examples(command, 'config:unset RAILS_ENV', 'config:unset A B -e .env.local');
}

/** @throws UserError `BAD_CONFIG_VAR` */
function parseVar(argument: string): readonly [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(argument) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new UserError('BAD_CONFIG_VAR', `${argument} is invalid`, 'Must be in the format FOO=bar.');
}
