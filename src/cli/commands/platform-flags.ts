import { type Command, Option } from 'commander';
import { parseBytes } from '../../base/bytes.js';
import { parseDuration } from '../../base/duration.js';
import { UserError } from '../../base/errors.js';
import { DEFAULTS } from '../../host/defaults.js';
import type { LogFormat } from '../../logs/sinks.js';
import { durationOption } from '../flags.js';

/** The flags that `start` and `host` share. */
export interface PlatformFlags {
  readonly host?: string;
  readonly sleepAfter: number;
  /** `--no-wake-delay` is false. */
  readonly wakeDelay: number | false;
  readonly quota: number;
  readonly cycleAfter: number;
  readonly speed: number;
  readonly bootTimeout: number;
  readonly shutdownTimeout: number;
  readonly requestTimeout: number;
  readonly idleWindow: number;
  readonly queueTimeout: number;
  readonly strict?: true;
  /** In bytes. */
  readonly memoryQuota?: number;
  readonly dynoKeepalive: boolean;
  readonly logFormat?: LogFormat;
}

/** A note for the help. */
export const DURATIONS =
  'Durations look like 500ms, 30s, 5m or 1h30m. 0 means at once, never means no limit.';

export const LOG_FORMATS: readonly LogFormat[] = ['pretty', 'heroku', 'json'];

/** Those about sleep, time and limits. */
export function addPlatformFlags(command: Command): Command {
  const { afterMs, wakeDelayMs, quotaMs } = DEFAULTS.sleep;
  const { boot, shutdown, request, idleWindow, queue } = DEFAULTS.timeouts;
  const options = [
    durationOption(
      '--sleep-after <duration>',
      'how long without requests before eco web dynos put the app to sleep',
      afterMs,
    ),
    durationOption(
      '--wake-delay <duration>',
      "how long the platform takes to wake an app, before the dyno's own boot",
      wakeDelayMs,
    ),
    new Option('--no-wake-delay', "let a wake take no longer than the dyno's own boot"),
    durationOption('--quota <duration>', 'eco dyno hours per month', quotaMs),
    durationOption(
      '--cycle-after <duration>',
      'how long a dyno runs until it is restarted, plus up to 15 % at random',
      DEFAULTS.cycleAfterMs,
    ).argParser(parseCycleAfter),
    new Option('--speed <factor>', 'speed up platform time (cool-offs, sleep, cycling) by this factor')
      .argParser(parseSpeed)
      .default(DEFAULTS.speed),
    timeout('--boot-timeout <duration>', 'how long a web dyno may take to listen (R10)', boot),
    timeout('--shutdown-timeout <duration>', 'how long from SIGTERM to SIGKILL (R12)', shutdown),
    timeout('--request-timeout <duration>', 'how long until the first byte of a response (H12)', request),
    timeout('--idle-window <duration>', 'longest silence within a response (H15, H28)', idleWindow),
    timeout('--queue-timeout <duration>', 'how long a request waits for a dyno (H20)', queue),
    new Option(
      '--memory-quota <amount>',
      "above how much memory a dyno gets R14, for example 256m (default: its size's)",
    ).argParser((text) => parseBytes(text, '--memory-quota')),
    new Option('--strict', "refuse what the sizes' limits forbid, instead of warning"),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** As Heroku's pages write timeouts: `75s`. */
function timeout(flags: string, description: string, ms: number): Option {
  return durationOption(flags, description, ms, `${ms / 1000}s`);
}

/** Less, and dynos would do nothing but restart. */
const LEAST_CYCLE_MS = 1000;

function parseCycleAfter(text: string): number {
  const ms = parseDuration(text, '--cycle-after');
  if (ms >= LEAST_CYCLE_MS) return ms;
  throw new UserError(
    'BAD_DURATION',
    `--cycle-after: ${text} is too short`,
    'Give 1s or more, for example 24h, or never.',
  );
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new UserError(
    'BAD_SPEED',
    `--speed: "${text}" is not a factor`,
    'Give a number above 0, for example 60.',
  );
}

/** An IPv6 address may have brackets, as in URLs. */
export const hostAddress = new Option(
  '--host <address>',
  'where the router listens (default: 127.0.0.1 and ::1)',
).argParser((text) => text.replace(/^\[(.*)\]$/, '$1'));

export const noDynoKeepAlive = new Option(
  '--no-dyno-keepalive',
  'open a connection to the dyno for each request, like the legacy router',
);

export const logFormat = new Option(
  '--log-format <format>',
  'the form of the log (default: pretty on a terminal, else heroku)',
).choices(LOG_FORMATS);
