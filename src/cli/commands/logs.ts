import { type Command, Option } from 'commander';
import type { LogFilter } from '../../apps/requests.js';
import { UserError } from '../../base/errors.js';
import { escapeControls } from '../../base/wording.js';
import type { LogEntry } from '../../logs/entry.js';
import { addAppFlags, connectTo, examples, plainCommand } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { createLogFormatter, toLogJson } from '../format/log-line.js';
import { printJson, printStream, showsColor } from '../output.js';
import { requireSpeaker } from '../speaker.js';

interface LogsFlags extends AppFlags {
  readonly tail?: true;
  readonly num: string;
  readonly dynoName?: string;
  /** Another name of it, as with Heroku's CLI. */
  readonly dyno?: string;
  readonly processType?: string;
  readonly source?: string;
  readonly json?: true;
}

export function createLogsCommand(): Command {
  // -d is the dyno, as it is for Heroku's CLI.
  const command = addAppFlags(plainCommand('logs', "show the app's log, or follow it"), '--dir <dir>')
    .description('Shows the last lines of the log, which keeps 1500. With --tail, follows it until Ctrl-C.')
    .option('-t, --tail', 'follow the log')
    .option('-n, --num <lines>', 'how many lines', '100')
    .option('-d, --dyno-name <dyno>', 'only lines of this dyno (web.1), or of the router')
    .addOption(new Option('--dyno <dyno>').hideHelp())
    .addOption(
      new Option('-p, --process-type <type>', 'only lines of this process type').conflicts('dynoName'),
    )
    .addOption(
      new Option('-s, --source <source>', 'only lines of the app or of the platform').choices([
        'app',
        'heroku',
      ]),
    )
    .option('--json', 'print one JSON document; with --tail, one per line')
    .action(async (flags: LogsFlags) => {
      const filter = readFilter(flags);
      const { app } = await connectTo(flags);
      await requireSpeaker(app, filter.dyno ?? filter.type);
      const interrupted = new AbortController();
      process.once('SIGINT', () => interrupted.abort());
      const batches = app.logs(filter, interrupted.signal);
      if (flags.json && !filter.tail) return printJson((await collect(batches)).map(toLogJson));
      const format = flags.json
        ? (entry: LogEntry) => escapeControls(JSON.stringify(toLogJson(entry)))
        : createLogFormatter({ color: showsColor(), isTerminal: process.stdout.isTTY });
      await printStream(batches, format);
    });
  return examples(
    command,
    'logs',
    'logs --tail',
    'logs -n 500 -d web.1',
    'logs -t -s heroku',
    'logs -d router',
  );
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

/** @throws UserError `BAD_NUMBER` */
function readFilter({ tail, num, source, dynoName, dyno = dynoName, processType }: LogsFlags): LogFilter {
  if (!/^\d+$/.test(num))
    throw new UserError('BAD_NUMBER', `"${num}" is not a number of lines`, 'Write for example -n 500.');
  return {
    lines: Number(num),
    tail: tail === true,
    ...(source !== undefined && { source }),
    ...(dyno !== undefined && { dyno }),
    ...(processType !== undefined && { type: processType }),
  };
}
