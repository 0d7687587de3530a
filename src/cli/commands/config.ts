import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { enumerate } from '../../base/wording.js';
import { examples } from '../app-command.js';
import { changeConfig, configCommand, loadConfig, printVars, sortedVars } from '../config-command.js';
import type { ConfigFlags } from '../config-store.js';
import { shellQuote } from '../format/shell-quote.js';
import { heading, note, print, printJson, printLines } from '../output.js';

interface FormFlags extends ConfigFlags {
  readonly json?: true;
  readonly shell?: true;
}

export function createConfigCommand(): Command {
  const command = withForms(configCommand('config', 'show or change config vars'))
    .description('Shows the config vars of the running app, or of the env files if nothing runs.')
    .action(async (flags: FormFlags) => {
      const store = await loadConfig(flags);
      const vars = await store.read();
      if (store.attached.length > 0)
        note(`While the app runs, add-ons also set ${enumerate(store.attached)}.`);
      if (flags.json) return printJson(vars);
      const sorted = sortedVars(vars);
      if (flags.shell) return printLines(sorted.map(([key, value]) => `${key}=${shellQuote(value)}`));
      if (sorted.length === 0) return print(`${store.name} has no config vars.`);
      printLines([heading(`${store.name} Config Vars`), '']);
      printVars(sorted);
    });
  return examples(
    command,
    'config',
    'config --json',
    'config --shell > .env.copy',
    'config -e .env,.env.local',
  );
}

export function createConfigGetCommand(): Command {
  const command = withForms(configCommand('config:get', 'show the value of a config var'))
    .description('Shows the value of a config var: an empty line if there is no such variable, as on Heroku.')
    .argument('<key...>', 'DATABASE_URL')
    .action(async (keys: readonly string[], flags: FormFlags) => {
      const vars = await (await loadConfig(flags)).read();
      const found = keys.map((key) => ({
        key,
        value: Object.hasOwn(vars, key) ? (vars[key] ?? null) : null,
      }));
      if (flags.json) printJson(found.length === 1 ? found[0] : found);
      else if (flags.shell) printLines(found.map(({ key, value }) => `${key}=${shellQuote(value ?? '')}`));
      else printLines(found.map(({ value }) => value ?? ''));
    });
  return examples(command, 'config:get DATABASE_URL', 'config:get --shell A B');
}

function withForms(command: Command): Command {
  return command
    .option('-s, --shell', 'KEY=value, for a shell to read')
    .option('-j, --json', 'print one JSON document');
}

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
