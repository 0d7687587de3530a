import type { Command } from 'commander';
import type { TransferView } from '../../addons/control.js';
import { UserError } from '../../base/errors.js';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { requireConfirmed } from '../confirm.js';
import type { AppFlags } from '../connect.js';
import { action, appName, layout, note, print, printJson, printLines } from '../output.js';
import { type ConfirmFlags, DATABASE } from './pg.js';

export function createPgBackupsCommand(): Command {
  const command = appCommandWithJson('pg:backups', 'list backups of the databases of an app').action(
    async ({ json, ...flags }: JsonFlags) => {
      const [{ app, host }, { formatTransfers }] = await Promise.all([
        connectTo(flags),
        import('../format/transfers.js'),
      ]);
      const transfers = (await host.addons.postgres.transfers()).filter((one) => one.app === app.name);
      if (json) return printJson(transfers);
      const newestFirst = [...transfers].reverse();
      printLines(formatTransfers(newestFirst, layout()));
    },
  );
  return examples(command, 'pg:backups');
}

export function createPgBackupsCaptureCommand(): Command {
  const command = appCommand('pg:backups:capture', 'make a backup of a database')
    .argument('[database]', DATABASE)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { findDatabase } = await import('../addons/find-postgres.js');
      const { transferName } = await import('../format/transfers.js');
      const { addon, postgres } = await findDatabase(flags, wanted);
      const made = await action(
        `Backing up ${addon.name}`,
        async () => succeeded(await postgres.capture(addon.id)),
        transferName,
      );
      if (made.format === 'copy')
        note(
          "This machine has no pg_dump for that server: it is a copy of the server's files, which only dynosim can restore.",
        );
    });
  return examples(command, 'pg:backups:capture');
}

export function createPgBackupsUrlCommand(): Command {
  const command = appCommand('pg:backups:url', 'show where a backup can be fetched')
    .argument('[backup]', BACKUP)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { backup, runtime } = await findBackup(flags, wanted);
      print(`${runtime.api}/dynosim/backups/${backup.id}`);
    });
  return examples(command, 'pg:backups:url b001');
}

export function createPgBackupsDownloadCommand(): Command {
  const command = appCommand('pg:backups:download', 'save a backup to a file')
    .argument('[backup]', BACKUP)
    .option('-o, --output <file>', 'default: latest.dump')
    .action(async (wanted: string | undefined, flags: AppFlags & { readonly output?: string }) => {
      const [{ app, backup }, { copyFile }] = await Promise.all([
        findBackup(flags, wanted),
        import('node:fs/promises'),
      ]);
      const { constants } = await import('node:fs');
      const { output = backup.format === 'dump' ? 'latest.dump' : 'latest.tar.gz' } = flags;
      await action(
        `Getting backup from ${appName(app)}`,
        () => copyFile(backup.file, output, constants.COPYFILE_EXCL),
        () => `#${backup.number}: ${output}`,
      );
    });
  return examples(command, 'pg:backups:download b001 --output my.dump');
}

export function createPgBackupsDeleteCommand(): Command {
  const command = appCommand('pg:backups:delete', 'remove a backup')
    .argument('<backup>', 'as "pg:backups" lists it: b001')
    .option('--confirm <app>', "the app's name, as proof that you mean it")
    .action(async (wanted: string, { confirm, ...flags }: ConfirmFlags) => {
      const { app, backup, postgres } = await findBackup(flags, wanted);
      requireConfirmed(`This removes backup ${wanted}`, `pg:backups:delete ${wanted}`, app.name, confirm);
      await action(`Deleting backup ${wanted} on ${appName(app)}`, () => postgres.removeBackup(backup.id));
    });
  return examples(command, 'pg:backups:delete b001 --confirm my-app');
}

export function createPgBackupsRestoreCommand(): Command {
  const command = appCommand('pg:backups:restore', 'replace the data of a database by that of a backup')
    .argument('[backup]', `${BACKUP}, or a file or URL with a dump`)
    .argument('[database]', DATABASE)
    .option('--confirm <app>', "the app's name, as proof that you mean it")
    .action(
      async (
        wanted: string | undefined,
        database: string | undefined,
        { confirm, ...flags }: ConfirmFlags,
      ) => {
        const { findDatabase } = await import('../addons/find-postgres.js');
        const { addon, app, postgres } = await findDatabase(flags, database);
        requireConfirmed(`${addon.name} will lose all of its data`, 'pg:backups:restore', app.name, confirm);
        const from = await sourceOf(flags, wanted);
        await action(`Restoring ${from.name} to ${addon.name}`, async () =>
          succeeded(await postgres.restore({ addon: addon.id, from: from.place })),
        );
      },
    );
  return examples(
    command,
    'pg:backups:restore b001 --confirm my-app',
    'pg:backups:restore latest.dump DATABASE_URL --confirm my-app',
  );
}

const BACKUP = 'as "pg:backups" lists it: b001 (default: the latest)';

/** A backup by its name, or a file or URL. */
async function sourceOf(flags: AppFlags, wanted: string | undefined) {
  const { resolve } = await import('node:path');
  if (wanted !== undefined && !/^b\d+$/.test(wanted))
    return { name: wanted, place: /^https?:/.test(wanted) ? wanted : resolve(wanted) };
  const { transferName } = await import('../format/transfers.js');
  const { backup } = await findBackup(flags, wanted);
  return { name: transferName(backup), place: backup.id };
}

/** @throws UserError `NO_SUCH_BACKUP` in the words of Heroku's CLI */
async function findBackup(flags: AppFlags, wanted: string | undefined) {
  const connection = await connectTo(flags);
  const { app, host } = connection;
  const { transferName } = await import('../format/transfers.js');
  const backups = (await host.addons.postgres.transfers()).filter(
    (one) => one.app === app.name && one.kind === 'backup' && one.finishedAt !== null && one.problem === null,
  );
  const backup = wanted === undefined ? backups.at(-1) : backups.find((one) => transferName(one) === wanted);
  if (backup) return { ...connection, postgres: host.addons.postgres, backup };
  throw new UserError(
    'NO_SUCH_BACKUP',
    wanted === undefined ? `No backups on ${appName(app)}.` : `Invalid Backup: ${wanted}`,
    wanted === undefined ? 'Capture one with dynosim pg:backups:capture' : 'See: dynosim pg:backups',
  );
}

/** @throws UserError `BACKUP_FAILED` */
function succeeded(transfer: TransferView): TransferView {
  if (transfer.problem === null) return transfer;
  throw new UserError('BACKUP_FAILED', transfer.problem);
}
