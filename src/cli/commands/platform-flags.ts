import { type Command, Option } from 'commander';
import { formatDuration } from '../../base/duration.js';
import { DEFAULTS } from '../../host/defaults.js';
import type { LogFormat } from '../../logs/sinks.js';

const LOG_FORMATS: readonly LogFormat[] = ['pretty', 'heroku', 'json'];

/** The flags about sleep, time and limits, which `start` and `host` share. */
export function addPlatformFlags(command: Command): Command {
  const { afterMs, wakeDelayMs, quotaMs } = DEFAULTS.sleep;
  const { boot, shutdown, request, idleWindow, queue } = DEFAULTS.timeouts;
  return command
    .option(
      '--sleep-after <duration>',
      'how long without requests before eco web dynos put the app to sleep',
      formatDuration(afterMs),
    )
    .option(
      '--wake-delay <duration>',
      "how long the platform takes to wake an app, before the dyno's own boot",
      formatDuration(wakeDelayMs),
    )
    .option('--no-wake-delay', "let a wake take no longer than the dyno's own boot")
    .option('--quota <duration>', 'eco dyno hours per month', formatDuration(quotaMs))
    .option(
      '--speed <factor>',
      'speed up platform time (cool-offs, sleep) by this factor',
      String(DEFAULTS.speed),
    )
    .option('--boot-timeout <duration>', 'how long a web dyno may take to listen (R10)', seconds(boot))
    .option('--shutdown-timeout <duration>', 'how long from SIGTERM to SIGKILL (R12)', seconds(shutdown))
    .option(
      '--request-timeout <duration>',
      'how long until the first byte of a response (H12)',
      seconds(request),
    )
    .option('--idle-window <duration>', 'longest silence within a response (H15, H28)', seconds(idleWindow))
    .option('--queue-timeout <duration>', 'how long a request waits for a dyno (H20)', seconds(queue))
    .option('--strict', "refuse what the sizes' limits forbid, instead of warning");
}

export const noDynoKeepAlive = new Option(
  '--no-dyno-keepalive',
  'open a connection to the dyno for each request, like the legacy router',
);

export const logFormat = new Option(
  '--log-format <format>',
  'the form of the log (default: pretty on a terminal, else heroku)',
).choices(LOG_FORMATS);

/** As Heroku's pages write timeouts: `75s`. */
function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
