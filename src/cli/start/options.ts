import { existsSync, statSync } from 'node:fs';
import type { AppPlace } from '../../apps/app-files.js';
import { appNameOf, checkAppName } from '../../apps/app-name.js';
import type { SleepSettings } from '../../apps/sleep/app-sleep.js';
import { parseDuration } from '../../base/duration.js';
import { UserError } from '../../base/errors.js';
import type { RealTimeouts } from '../../base/limits.js';
import { parsePort } from '../../config/dyno-env.js';
import { DEFAULTS } from '../../host/defaults.js';
import type { LogFormat } from '../../logs/sinks.js';
import {
  applyFormation,
  defaultFormation,
  type Formation,
  type FormationChange,
  onlyTypes,
  parseFormation,
  parseSizes,
} from '../../procfile/formation.js';
import type { Procfile } from '../../procfile/parse.js';
import { fileNames } from '../also-file.js';

/** The flags of `start` as they were typed. */
export interface StartFlags extends PlatformFlags {
  readonly dir: string;
  readonly app?: string;
  readonly procfile: string;
  readonly env?: string;
  readonly port?: string;
  readonly formation?: string;
  readonly size?: string;
  readonly releasePhase?: true;
  readonly watch?: true;
  readonly watchOnly?: readonly string[];
  readonly dynoMetadata?: true;
  readonly cleanEnv?: true;
  readonly exitOnCrash?: true;
  readonly newToken?: true;
}

/** The flags that `start` and `host` share, as they were typed. */
export interface PlatformFlags {
  readonly host?: string;
  readonly sleepAfter: string;
  /** `--no-wake-delay` is false. */
  readonly wakeDelay: string | false;
  readonly quota: string;
  readonly speed: string;
  readonly bootTimeout: string;
  readonly shutdownTimeout: string;
  readonly requestTimeout: string;
  readonly idleWindow: string;
  readonly queueTimeout: string;
  readonly strict?: true;
  readonly dynoKeepalive: boolean;
  readonly logFormat?: LogFormat;
}

export interface PlatformOptions {
  readonly host: string | undefined;
  readonly sleep: SleepSettings;
  readonly speed: number;
  readonly timeouts: RealTimeouts;
  readonly isStrict: boolean;
  readonly dynoKeepAlive: boolean;
  readonly logFormat: LogFormat;
}

export interface StartOptions extends PlatformOptions {
  readonly appName: string;
  readonly place: AppPlace;
  /** Undefined: as the env files and the shell say. */
  readonly port: number | undefined;
  readonly formation: string | undefined;
  readonly sizes: string | undefined;
  readonly hasReleasePhase: boolean;
  /** Restart the dynos when these change, patterns as in .gitignore; empty: all sources. */
  readonly watchedSources: readonly string[] | undefined;
  readonly hasDynoMetadata: boolean;
  readonly isCleanEnv: boolean;
  readonly exitsOnCrash: boolean;
  readonly needsNewToken: boolean;
}

/**
 * @param dir the app's folder, absolute
 * @param isTerminal whether people read stdout
 * @throws UserError for a value that cannot be used
 */
export function readOptions(flags: StartFlags, dir: string, isTerminal: boolean): StartOptions {
  // Their types are not known yet, but how they are written is.
  changesOf(flags.formation, flags.size, []);
  return {
    appName: flags.app === undefined ? appNameOf(dir) : checkAppName(flags.app),
    place: {
      dir,
      procfile: flags.procfile,
      envFiles: fileNames(flags.env),
    },
    port: flags.port === undefined ? undefined : parsePort(flags.port, '--port'),
    formation: flags.formation,
    sizes: flags.size,
    hasReleasePhase: flags.releasePhase === true,
    watchedSources: flags.watchOnly ?? (flags.watch && []),
    hasDynoMetadata: flags.dynoMetadata === true,
    isCleanEnv: flags.cleanEnv === true,
    exitsOnCrash: flags.exitOnCrash === true,
    needsNewToken: flags.newToken === true,
    ...readPlatformOptions(flags, isTerminal),
  };
}

/**
 * @param isTerminal whether people read stdout
 * @throws UserError for a value that cannot be used
 */
export function readPlatformOptions(flags: PlatformFlags, isTerminal: boolean): PlatformOptions {
  return {
    // An IPv6 address as URLs have it.
    host: flags.host?.replace(/^\[(.*)\]$/, '$1'),
    sleep: {
      afterMs: parseFlagDuration('--sleep-after', flags.sleepAfter),
      wakeDelayMs: flags.wakeDelay === false ? 0 : parseFlagDuration('--wake-delay', flags.wakeDelay),
      quotaMs: parseFlagDuration('--quota', flags.quota),
    },
    speed: parseSpeed(flags.speed),
    timeouts: {
      ...DEFAULTS.timeouts,
      boot: parseFlagDuration('--boot-timeout', flags.bootTimeout),
      shutdown: parseFlagDuration('--shutdown-timeout', flags.shutdownTimeout),
      request: parseFlagDuration('--request-timeout', flags.requestTimeout),
      idleWindow: parseFlagDuration('--idle-window', flags.idleWindow),
      queue: parseFlagDuration('--queue-timeout', flags.queueTimeout),
    },
    isStrict: flags.strict === true,
    dynoKeepAlive: flags.dynoKeepalive,
    logFormat: flags.logFormat ?? (isTerminal ? 'pretty' : 'heroku'),
  };
}

/**
 * How many dynos of which size to start.
 * @param types the only ones to start; empty: all
 * @throws UserError for unknown types, and for quantities and sizes that make no sense
 */
export function formationOf(processes: Procfile, types: readonly string[], options: StartOptions): Formation {
  const all = defaultFormation(processes.keys());
  refuseFolder(types.filter((type) => !all.has(type)));
  const chosen = types.length === 0 ? all : onlyTypes(all, types);
  return applyFormation(chosen, changesOf(options.formation, options.sizes, [...all.keys()]));
}

/**
 * `dynosim start .`
 * @throws UserError `UNKNOWN_TYPE`
 */
export function refuseFolder(types: readonly string[]): void {
  const folder = types.find((type) => existsSync(type) && statSync(type).isDirectory());
  if (folder === undefined) return;
  const hint = `Did you mean --dir ${folder}?`;
  throw new UserError('UNKNOWN_TYPE', `"${folder}" is a folder, not a process type`, hint);
}

function changesOf(
  formation: string | undefined,
  sizes: string | undefined,
  types: readonly string[],
): readonly FormationChange[] {
  return [
    ...(formation === undefined ? [] : parseFormation(formation, types)),
    ...(sizes === undefined ? [] : parseSizes(sizes, types)),
  ];
}

function parseFlagDuration(flag: string, text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${flag}: ${error.message}`, error.hint);
  }
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
