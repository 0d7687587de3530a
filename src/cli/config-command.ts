import type { Command } from 'commander';
import { appCommand } from './app-command.js';
import type { Changed, ConfigAccess, ConfigFlags, Vars } from './config-store.js';
import { readEnvFlag } from './flags.js';
import { formatPairs } from './format/table.js';
import { action, note, paint, printLines } from './output.js';

/** A command about config vars, which works without a running app, too. */
export function configCommand(name: string, summary: string, ...aliases: readonly string[]): Command {
  return appCommand(name, summary, ...aliases).option(
    '-e, --env <files>',
    'these env files, separated by commas (default: what the app runs with; nothing running: .env)',
    readEnvFlag,
  );
}

/** Opens the config vars that the flags select. Loads what it needs only now. */
export async function loadConfig(flags: ConfigFlags): Promise<ConfigAccess> {
  const { openConfig } = await import('./config-store.js');
  return openConfig(flags);
}

/**
 * Changes config vars and says so: `Setting A and restarting ⬢ my-app... done, v10`. Shows how a release command goes.
 * @param doing `Setting`
 */
export async function changeConfig(
  doing: string,
  changes: ReadonlyMap<string, string | null>,
  flags: ConfigFlags,
): Promise<Changed> {
  const store = await loadConfig(flags);
  const changed = await action(
    `${doing} ${[...changes.keys()].join(', ')} ${store.consequence}`,
    () => store.change(changes),
    ({ outcome }) => outcome,
  );
  for (const warning of changed.warnings) note(`Warning: ${warning}`);
  await changed.follow();
  return changed;
}

/** In the order of their names, as Heroku's CLI prints them. */
export function sortedVars(vars: Vars): readonly (readonly [key: string, value: string])[] {
  return Object.entries(vars).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `KEY:   value`, aligned. */
export function printVars(vars: readonly (readonly [key: string, value: string])[]): void {
  printLines(formatPairs(vars, (key) => paint('green', key)));
}
