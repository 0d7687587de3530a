import { type Command, Option } from 'commander';
import type { LogFilter } from '../../apps/requests.js';
import { systemWall } from '../../base/clock.js';
import { parseDuration } from '../../base/duration.js';
import { errorMessage, UserError } from '../../base/errors.js';
import { toLogJson } from '../../logs/entry.js';
import type { LogFormat } from '../../logs/sinks.js';
import { addAppFlags, connectTo, examples, plainCommand } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { readNames } from '../flags.js';
import { createLogFormatter } from '../format/log-line.js';
import { grepLog } from '../grep-log.js';
import { printJson, printStream, showsColor } from '../output.js';
import { requireSpeaker } from '../speaker.js';
import { LOG_FORMATS } from './platform-flags.js';

interface LogsFlags extends AppFlags {
  readonly tail?: true;
  readonly follow?: true;
  readonly num?: string;
  readonly dynoName?: string;
  /** Another name of it, as with Heroku's CLI. */
  readonly dyno?: string;
  readonly processType?: string;
  readonly source?: string;
  readonly since?: number;
  readonly grep?: string;
  readonly exclude?: readonly string[];
  readonly format?: LogFormat;
  readonly json?: true;
}

export function createLogsCommand(): Command {
  // -d is the dyno, as it is for Heroku's CLI.
  const command = addAppFlags(plainCommand('logs', "show the app's log, or follow it"), '--dir <dir>')
    .description(
      'Shows the last lines of the log, which keeps 1500 of each dyno. With --tail, follows it until Ctrl-C.',
    )
    .option('-t, --tail', 'follow the log')
    .addOption(new Option('-f, --follow', 'the same'))
    .option('-n, --num <lines>', 'how many lines (default: 100; with --since, all)')
    .addOption(
      new Option('--since <duration>', 'only lines of the last 5m, 1h30m …').argParser((text) =>
        parseDuration(text, '--since'),
      ),
    )
    .option('--grep <regexp>', 'only lines that match, in the long or in the short form')
    .option('--exclude <names>', 'no lines of these dynos or types: router,worker', readNames)
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
    .addOption(
      new Option(
        '--format <format>',
        'pretty as start shows it, heroku as "heroku logs" does, json: an object per line (default: pretty on a terminal, else heroku)',
      ).choices(LOG_FORMATS),
    )
    .option('--json', 'print one JSON document; with --tail, one per line')
    .action(async (flags: LogsFlags) => {
      const now = systemWall();
      const pattern = flags.grep === undefined ? undefined : readPattern(flags.grep);
      const filter = readFilter(flags, now);
      const { app } = await connectTo(flags);
      for (const name of [filter.dyno ?? filter.type, ...(filter.exclude ?? [])])
        await requireSpeaker(app, name);
      const interrupted = new AbortController();
      process.once('SIGINT', () => interrupted.abort());
      const { signal } = interrupted;
      const batches = pattern
        ? grepLog(app.logs({ ...filter, lines: filter.lines && ALL_LINES }, signal), {
            pattern,
            lines: filter.lines,
            since: now,
          })
        : app.logs(filter, signal);
      if (flags.json && !filter.tail) return printJson((await collect(batches)).map(toLogJson));
      const { isTTY } = process.stdout;
      await printStream(
        batches,
        createLogFormatter({
          format: flags.json ? 'json' : (flags.format ?? (isTTY ? 'pretty' : 'heroku')),
          color: showsColor(),
          columns: isTTY ? () => process.stdout.columns : undefined,
        }),
      );
    });
  return examples(
    command,
    'logs',
    'logs --tail',
    'logs -n 500 -d web.1',
    'logs -t -s heroku',
    'logs -d router --since 5m',
    "logs -f --grep 'H1[0-9]|Error' --exclude worker",
  );
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

/**
 * @param now wall-clock ms
 * @throws UserError `BAD_NUMBER`
 */
function readFilter(flags: LogsFlags, now: number): LogFilter {
  const { tail, follow, num, source, dynoName, dyno = dynoName, processType, exclude, since } = flags;
  if (num !== undefined && !/^\d+$/.test(num))
    throw new UserError('BAD_NUMBER', `"${num}" is not a number of lines`, 'Write for example -n 500.');
  const lines = since === undefined ? DEFAULT_LINES : ALL_LINES;
  return {
    lines: num === undefined ? lines : Number(num),
    tail: tail === true || follow === true,
    ...(source !== undefined && { source }),
    ...(dyno !== undefined && { dyno }),
    ...(processType !== undefined && { type: processType }),
    ...(exclude && { exclude }),
    ...(since !== undefined && Number.isFinite(since) && { since: now - since }),
  };
}

/** How many lines without `--num`. */
const DEFAULT_LINES = 100;

const ALL_LINES = Number.MAX_SAFE_INTEGER;

/** @throws UserError `BAD_PATTERN` */
function readPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new UserError(
      'BAD_PATTERN',
      `--grep: ${errorMessage(error)}`,
      'Write a regular expression of JavaScript; \\ before a sign takes it as it is.',
    );
  }
}
