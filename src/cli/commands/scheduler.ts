import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, appName, layout, printJson, printLines, say } from '../output.js';

export function createSchedulerCommand(): Command {
  const command = appCommandWithJson('scheduler', 'list the jobs of Heroku Scheduler')
    .description('Lists the jobs that the scheduler add-on runs. Times are UTC in platform time.')
    .action(async (flags: JsonFlags) => {
      const { app, host } = await connectTo(flags);
      const jobs = await host.addons.scheduler.jobs(app.name);
      if (flags.json)
        return printJson(jobs.map(({ id, command, every, at }) => ({ id, command, every, at })));
      if (jobs.length === 0)
        return say('No jobs. Add one: dynosim scheduler:add "rake report" --daily 02:30');
      const { formatJobs } = await import('../format/jobs.js');
      printLines(formatJobs(jobs, layout().width));
    });
  return examples(command, 'scheduler', 'scheduler --json');
}

interface ScheduleFlags extends AppFlags {
  readonly every?: string;
  readonly hourly?: string;
  readonly daily?: string;
}

export function createSchedulerAddCommand(): Command {
  const command = appCommand('scheduler:add', 'run a command again and again')
    .description(
      'Runs a command in one-off dynos, as Heroku Scheduler does, on platform time: "clock:advance 24h" runs what ' +
        'a day would. Needs the add-on: dynosim addons:create scheduler:standard.',
    )
    .argument('<command>', 'in quotes')
    .option('--every <interval>', '10m: at :00, :10, :20 …')
    .option('--hourly <minute>', 'at this minute of every hour: 30')
    .option('--daily <time>', 'at this time of every day, in UTC: 02:30')
    .action(async (text: string, flags: ScheduleFlags) => {
      const schedule = readSchedule(flags);
      const { app, host } = await connectTo(flags);
      await action(
        `Adding a job to ${appName(app)}`,
        () => host.addons.scheduler.add({ app: app.name, command: text, ...schedule }),
        ({ id }) => id,
      );
    });
  return examples(
    command,
    'scheduler:add "node send-mail.js" --every 10m',
    'scheduler:add "rake report" --daily 02:30',
  );
}

export function createSchedulerRemoveCommand(): Command {
  const command = appCommand('scheduler:remove', 'remove a job')
    .argument('<id>', 'as "scheduler" lists it')
    .action(async (id: string, flags: AppFlags) => {
      const { app, host } = await connectTo(flags);
      await action(`Removing ${id} from ${appName(app)}`, () => host.addons.scheduler.remove(app.name, id));
    });
  return examples(command, 'scheduler:remove 1a2b3c4d');
}

/** @throws UserError `BAD_SCHEDULE` */
function readSchedule({ every, hourly, daily }: ScheduleFlags) {
  const given = [
    ...(every === undefined ? [] : [{ every, at: null }]),
    ...(hourly === undefined ? [] : [{ every: 'hourly', at: hourly }]),
    ...(daily === undefined ? [] : [{ every: 'daily', at: daily }]),
  ];
  const [schedule, ...others] = given;
  if (schedule && others.length === 0) return schedule;
  throw new UserError(
    'BAD_SCHEDULE',
    schedule ? 'A job has one schedule' : 'A job needs a schedule',
    'Add one of --every 10m, --hourly 30 (the minute) and --daily 02:30 (UTC).',
  );
}
