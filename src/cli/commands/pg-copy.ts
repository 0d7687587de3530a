import type { Command } from 'commander';
import { appCommand, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { note } from '../output.js';

const LOCAL = 'a database of your own: its name, or postgres://…';
const ADDON = 'name, attachment or config var of the add-on';

export function createPgPullCommand(): Command {
  const command = appCommand('pg:pull', 'copy the database of an app into a new one of your own')
    .argument('<source>', ADDON)
    .argument('<target>', LOCAL)
    .action(async (source: string, target: string, flags: AppFlags) => {
      const [{ addon, view }, { copyDatabase, createDatabase, isUrl }] = await Promise.all([
        find(flags, source),
        import('../addons/copy-database.js'),
      ]);
      note(`Pulling ${addon.name} to ${isUrl(target) ? new URL(target).pathname.slice(1) : target}`);
      if (!isUrl(target)) await createDatabase(target);
      await copyDatabase({ database: view.url, major: view.major }, { database: target });
      note('Pulling complete.');
    });
  return examples(command, 'pg:pull DATABASE_URL my_copy');
}

export function createPgPushCommand(): Command {
  const command = appCommand('pg:push', 'copy a database of your own into an empty one of an app')
    .argument('<source>', LOCAL)
    .argument('<target>', ADDON)
    .action(async (source: string, target: string, flags: AppFlags) => {
      const [{ addon, view }, { copyDatabase, isUrl }] = await Promise.all([
        find(flags, target),
        import('../addons/copy-database.js'),
      ]);
      note(`Pushing ${isUrl(source) ? new URL(source).pathname.slice(1) : source} to ${addon.name}`);
      await copyDatabase({ database: source }, { database: view.url, major: view.major });
      note('Pushing complete.');
    });
  return examples(command, 'pg:push my_database DATABASE_URL');
}

async function find(flags: AppFlags, wanted: string) {
  const { findReadyDatabase } = await import('../addons/find-postgres.js');
  return findReadyDatabase(flags, wanted);
}
