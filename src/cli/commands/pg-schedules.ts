import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';
import { appCommand, appCommandWithJson, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, heading, note, print, printJson } from '../output.js';
import { DATABASE } from './pg.js';

export function createPgBackupsScheduleCommand(): Command {
  const command = appCommand('pg:backups:schedule', 'make a backup of a database every day')
    .argument('[database]', DATABASE)
    .requiredOption('--at <time>', 'an hour and a time zone: "02:00 America/Los_Angeles", "2:00 UTC"')
    .action(async (wanted: string | undefined, { at, ...flags }: AppFlags & { readonly at: string }) => {
      const { hour, timezone } = parseTime(at);
      const { addon, postgres } = await find(flags, wanted);
      const name = addon.configVars[0] ?? addon.name;
      await action(`Scheduling automatic daily backups of ${addon.name} at ${hour}:00 ${timezone}`, () =>
        postgres.scheduleBackups({ addon: addon.id, name, hour, timezone }),
      );
    });
  return examples(command, "pg:backups:schedule --at '02:00 America/Los_Angeles'");
}

export function createPgBackupsSchedulesCommand(): Command {
  const command = appCommandWithJson('pg:backups:schedules', 'list the daily backups of a database')
    .argument('[database]', DATABASE)
    .action(async (wanted: string | undefined, { json, ...flags }: JsonFlags) => {
      const { app, addon, postgres } = await find(flags, wanted);
      const schedules = await postgres.backupSchedules(addon.id);
      if (json) return printJson(schedules);
      if (schedules.length === 0)
        return note(
          `No backup schedules found on ${app.name}. Use dynosim pg:backups:schedule to set one up`,
        );
      print(heading('Backup Schedules'));
      for (const { name, hour, timezone } of schedules) print(`${name}: daily at ${hour}:00 ${timezone}`);
    });
  return examples(command, 'pg:backups:schedules');
}

export function createPgBackupsUnscheduleCommand(): Command {
  const command = appCommand('pg:backups:unschedule', 'end the daily backups of a database')
    .argument('[database]', DATABASE)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { addon, postgres } = await find(flags, wanted);
      const [schedule] = await postgres.backupSchedules(addon.id);
      if (!schedule) throw new UserError('NO_SUCH_SCHEDULE', `No daily backups found for ${addon.name}`);
      await action(`Unscheduling ${schedule.name} daily backups`, () =>
        postgres.unscheduleBackups(addon.id, schedule.id),
      );
    });
  return examples(command, 'pg:backups:unschedule');
}

/** @throws UserError `BAD_SCHEDULE` */
function parseTime(at: string): { readonly hour: number; readonly timezone: string } {
  const [, hour, timezone = 'UTC'] = /^([01]?\d|2[0-3]):00(?:\s+(\S+))?$/.exec(at.trim()) ?? [];
  if (hour !== undefined) return { hour: Number(hour), timezone };
  throw new UserError(
    'BAD_SCHEDULE',
    `${quote(at)} is no time for a daily backup`,
    "Write an hour and a time zone: --at '02:00 America/Los_Angeles'.",
  );
}

async function find(flags: AppFlags, wanted: string | undefined) {
  const { findDatabase } = await import('../addons/find-postgres.js');
  return findDatabase(flags, wanted);
}
