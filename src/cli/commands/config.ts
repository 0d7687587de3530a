import type { Command } from 'commander';
import { examples } from '../app-command.js';
import { configCommand, loadConfig, printVars, sortedVars } from '../config-command.js';
import type { ConfigFlags } from '../config-store.js';
import { shellQuote } from '../format/shell-quote.js';
import { heading, print, printJson, printLines } from '../output.js';

interface FormFlags extends ConfigFlags {
  readonly json?: true;
  readonly shell?: true;
}

/** `dynosim config` */
export function createConfigCommand(): Command {
  const command = withForms(configCommand('config', 'show or change config vars'))
    .description('Shows the config vars of the running app, or of the env files if nothing runs.')
    .action(async (flags: FormFlags) => {
      const store = await loadConfig(flags);
      const vars = await store.read();
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

/** `dynosim config:get` */
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
