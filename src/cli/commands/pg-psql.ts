import type { Command } from 'commander';
import { appCommand, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { note } from '../output.js';
import { DATABASE } from './pg.js';

interface PsqlFlags extends AppFlags {
  readonly command?: string;
  readonly file?: string;
}

export function createPgPsqlCommand(): Command {
  const command = appCommand('pg:psql', 'open psql in a database', 'psql')
    .argument('[database]', DATABASE)
    .option('-c, --command <sql>', 'run this and end')
    .option('-f, --file <file>', 'run what is in a file and end')
    .action(async (wanted: string | undefined, { command: sql, file, ...flags }: PsqlFlags) => {
      const { addon, view } = await find(flags, wanted);
      note(`--> Connecting to ${addon.name}`);
      await psql(view.url, sql !== undefined ? ['-c', sql] : file !== undefined ? ['-f', file] : []);
    });
  return examples(command, 'pg:psql', "pg:psql -c 'select count(*) from users'");
}

export function createPgPsCommand(): Command {
  const command = appCommand('pg:ps', 'list the queries that run in a database')
    .argument('[database]', DATABASE)
    .option('-v, --verbose', 'include idle connections')
    .action(async (wanted: string | undefined, flags: AppFlags & { readonly verbose?: true }) => {
      const { view } = await find(flags, wanted);
      const { runningQueries } = await import('../addons/psql.js');
      await psql(view.url, ['-P', 'pager=off', '-c', runningQueries(flags.verbose === true)]);
    });
  return examples(command, 'pg:ps');
}

async function psql(url: string, args: readonly string[]): Promise<void> {
  const { runPsql } = await import('../addons/psql.js');
  process.exitCode = await runPsql(url, args);
}

async function find(flags: AppFlags, wanted: string | undefined) {
  const { findReadyDatabase } = await import('../addons/find-postgres.js');
  return findReadyDatabase(flags, wanted);
}
