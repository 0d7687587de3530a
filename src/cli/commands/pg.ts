import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { appCommand, appCommandWithJson, examples, type JsonFlags } from '../app-command.js';
import { requireConfirmed } from '../confirm.js';
import type { AppFlags } from '../connect.js';
import { action, appName, heading, print, printJson, printLines } from '../output.js';

export const DATABASE = 'its name, attachment or config var (default: DATABASE_URL)';

export interface ConfirmFlags extends AppFlags {
  readonly confirm?: string;
}

export function createPgInfoCommand(): Command {
  const command = appCommandWithJson('pg:info', 'describe databases', 'pg')
    .argument('[database]', 'its name, attachment or config var (default: all of the app)')
    .action(async (wanted: string | undefined, { json, ...flags }: JsonFlags) => {
      const [{ findDatabases }, { postgresInfoRows }] = await Promise.all([
        import('../addons/find-postgres.js'),
        import('../../addons/postgres/info-rows.js'),
      ]);
      const { addons, app, host } = await findDatabases(flags, wanted);
      const views = await Promise.all(addons.map(({ id }) => host.addons.postgres.info(id)));
      if (json) return printJson(views);
      const attachments = (await host.addons.attachments()).filter((one) => one.app === app.name);
      for (const view of views) {
        const names = attachments.filter(({ addon }) => addon === view.addon.name);
        const rows = [...postgresInfoRows(view), ['Add-on', view.addon.name] as const];
        const width = Math.max(...rows.map(([name]) => name.length)) + 2;
        printLines([heading(names.flatMap(({ configVars }) => configVars).join(', ')), '']);
        printLines(rows.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`));
        print();
      }
    });
  return examples(command, 'pg:info', 'pg:info DATABASE_URL --json');
}

export function createPgCredentialsCommand(): Command {
  const command = appCommand('pg:credentials', 'list the users of a database')
    .argument('[database]', DATABASE)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { addon, host } = await find(flags, wanted);
      const { formatTable } = await import('../format/table.js');
      const attachments = (await host.addons.attachments()).filter((one) => one.addon === addon.name);
      const where = attachments.map(({ name, app }) => `${name} on ${app}`).join(', ');
      printLines(
        formatTable({ header: ['Credential', 'Attached as', 'State'], rows: [['default', where, 'active']] }),
      );
    });
  return examples(command, 'pg:credentials');
}

export function createPgCredentialsUrlCommand(): Command {
  const command = appCommand('pg:credentials:url', 'show the address of a database, with its password')
    .argument('[database]', DATABASE)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { findReadyDatabase } = await import('../addons/find-postgres.js');
      const { view } = await findReadyDatabase(flags, wanted);
      const { hostname, port, username, password, pathname } = new URL(view.url);
      const place = `dbname=${pathname.slice(1)} host=${hostname} port=${port}`;
      print('Connection information for default credential.');
      print('Connection info string:');
      print(`  "${place} user=${username} password=${password} sslmode=require"`);
      print('Connection URL:');
      print(`  ${view.url}`);
    });
  return examples(command, 'pg:credentials:url');
}

export function createPgCredentialsRotateCommand(): Command {
  const command = appCommand('pg:credentials:rotate', 'give the user of a database another password')
    .argument('[database]', DATABASE)
    .option('--confirm <app>', "the app's name, as proof that you mean it")
    .action(async (wanted: string | undefined, { confirm, ...flags }: ConfirmFlags) => {
      const { addon, app, postgres } = await find(flags, wanted);
      requireConfirmed('Applications will be restarted', 'pg:credentials:rotate', app.name, confirm);
      await action(`Rotating default on ${addon.name}`, () => postgres.rotate(addon.id));
    });
  return examples(command, 'pg:credentials:rotate --confirm my-app');
}

interface ResetFlags extends ConfirmFlags {
  readonly extensions?: string;
}

export function createPgResetCommand(): Command {
  const command = appCommand('pg:reset', 'remove all data of a database')
    .argument('[database]', DATABASE)
    .option('--confirm <app>', "the app's name, as proof that you mean it")
    .option('--extensions <names>', 'extensions to install, separated by commas')
    .action(async (wanted: string | undefined, { confirm, extensions = '', ...flags }: ResetFlags) => {
      const { addon, app, postgres } = await find(flags, wanted);
      requireConfirmed(`${addon.name} will lose all of its data`, 'pg:reset', app.name, confirm);
      const names = extensions.split(',').map((name) => name.trim().toLowerCase());
      await action(`Resetting ${addon.name}`, () =>
        postgres.reset(
          addon.id,
          names.filter((name) => name !== ''),
        ),
      );
    });
  return examples(command, 'pg:reset --confirm my-app', 'pg:reset --extensions hstore --confirm my-app');
}

export function createPgKillallCommand(): Command {
  const command = appCommand('pg:killall', 'end all connections to a database')
    .argument('[database]', DATABASE)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { addon, postgres } = await find(flags, wanted);
      await action('Terminating connections for all credentials', () => postgres.killAll(addon.id));
    });
  return examples(command, 'pg:killall');
}

export function createPgWaitCommand(): Command {
  const command = appCommand('pg:wait', 'wait until databases are there')
    .argument('[database]', 'its name, attachment or config var (default: all of the app)')
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { findDatabases } = await import('../addons/find-postgres.js');
      const { addons, host } = await findDatabases(flags, wanted);
      const { untilCreated } = await import('../addons/wait.js');
      for (const { id, name } of addons.filter(({ state }) => state === 'provisioning')) {
        const created = () => untilCreated(name, () => host.addons.settled(id));
        await action(`Waiting for database ${name}`, created, () => '', 'available');
      }
    });
  return examples(command, 'pg:wait');
}

export function createPgPromoteCommand(): Command {
  const command = appCommand('pg:promote', 'make another database the DATABASE_URL of the app')
    .argument('<database>', 'its name, attachment or config var')
    .action(async (wanted: string, flags: AppFlags) => {
      const { addon, app, host } = await find(flags, wanted);
      const attachments = (await host.addons.attachments()).filter((one) => one.app === app.name);
      const current = attachments.find(({ name }) => name === 'DATABASE');
      if (current?.addon === addon.name)
        throw new UserError('ALREADY_PROMOTED', `${addon.name} is already promoted on ${appName(app)}`);
      const confirmed = { app: app.name, confirm: app.name };
      if (current)
        await action(
          'Ensuring an alternate alias for existing DATABASE_URL',
          async () =>
            attachments.find(({ name, addon: of }) => of === current.addon && name !== 'DATABASE') ??
            (await host.addons.attach({ ...confirmed, addon: current.addon })),
          ({ name }) => `${name}_URL`,
        );
      await action(`Promoting ${addon.name} to DATABASE_URL on ${appName(app)}`, () =>
        host.addons.attach({ ...confirmed, addon: addon.id, as: 'DATABASE' }),
      );
    });
  return examples(command, 'pg:promote HEROKU_POSTGRESQL_PINK_URL');
}

async function find(flags: AppFlags, wanted: string | undefined) {
  const { findDatabase } = await import('../addons/find-postgres.js');
  return findDatabase(flags, wanted);
}
