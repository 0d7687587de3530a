import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { appNameOf } from '../../apps/app-name.js';
import type { ChosenTypes, Inspectors } from '../../apps/plan.js';
import { UserError } from '../../base/errors.js';
import type { BuildpackEnv } from '../../config/language-env.js';
import { DEFAULTS } from '../../host/defaults.js';
import type { ErrorCode } from '../../host/error-codes.js';
import {
  applyFormation,
  defaultFormation,
  expandAll,
  type Formation,
  type FormationChange,
  hintForType,
  onlyTypes,
  requireTypes,
} from '../../procfile/formation.js';
import type { Procfile } from '../../procfile/parse.js';
import type { PlatformFlags } from '../commands/platform-flags.js';

/** The flags of `start`. */
export interface StartFlags extends PlatformFlags {
  readonly dir: string;
  readonly app?: string;
  readonly procfile: string;
  readonly env?: readonly string[];
  /** Left out: as the env files and the shell say. */
  readonly port?: number;
  readonly formation?: readonly FormationChange[];
  readonly size?: readonly FormationChange[];
  readonly releasePhase?: true;
  readonly watch?: true;
  readonly watchOnly?: readonly string[];
  readonly dynoMetadata?: true;
  readonly cleanEnv?: true;
  readonly buildpackEnv: BuildpackEnv;
  readonly ephemeral?: true;
  readonly exitOnCrash?: true;
  readonly failOn?: readonly ErrorCode[];
  readonly newToken?: true;
  readonly hide?: readonly string[];
  readonly verbose?: true;
  /** True: all types. */
  readonly tty?: true | string;
  /** True: all types. */
  readonly inspect?: true | string;
  /** True: all types. */
  readonly inspectBrk?: true | string;
  readonly color: boolean;
  readonly detach?: true;
  /** It was detached: stdout is its log file. */
  readonly inBackground?: true;
}

export type StartOptions = ReturnType<typeof startOptions>;

/**
 * @param dir the app's folder, absolute
 * @param isTerminal whether people read stdout
 */
export function startOptions(flags: StartFlags, dir: string, isTerminal: boolean) {
  const { app, procfile, env, port, formation = [], size = [], watchOnly, watch } = flags;
  const platform = platformOptions(flags, isTerminal);
  return {
    ...platform,
    appName: app ?? appNameOf(dir),
    place: { dir, procfile, envFiles: env ?? [] },
    port,
    changes: [...formation, ...size],
    isSizeAsked: size.length > 0,
    hasReleasePhase: flags.releasePhase === true,
    /** Restart the dynos when these change, patterns as in .gitignore; empty: all sources. */
    watchedSources: watchOnly ?? (watch && []),
    hasDynoMetadata: flags.dynoMetadata === true,
    isCleanEnv: flags.cleanEnv === true,
    buildpackEnv: flags.buildpackEnv,
    isEphemeral: flags.ephemeral === true,
    terminals: chosenTypes(flags.tty),
    inspectors: inspectorsOf(chosenTypes(flags.inspect), chosenTypes(flags.inspectBrk)),
    exitsOnCrash: flags.exitOnCrash === true,
    failOn: flags.failOn ?? [],
    needsNewToken: flags.newToken === true,
    /** Whose lines not to print. */
    hidden: flags.hide ?? [],
    /** Whether to print each line of a restart for new sources: programs may need them. */
    hasDetails: flags.verbose === true || platform.logFormat === 'json',
    /** Whether there may be colors at all. */
    mayColor: flags.color !== false,
    isInBackground: flags.inBackground === true,
  };
}

/** @param flag of the form `[types]`; true: all types */
function chosenTypes(flag: true | string | undefined): ChosenTypes {
  return flag === true ? 'all' : (flag?.split(',') ?? []);
}

function inspectorsOf(running: ChosenTypes, breaking: ChosenTypes): Inspectors | undefined {
  const types = running === 'all' || breaking === 'all' ? 'all' : [...running, ...breaking];
  return types.length === 0 ? undefined : { types, breaking };
}

export type PlatformOptions = ReturnType<typeof platformOptions>;

/** @param isTerminal whether people read stdout */
export function platformOptions(flags: PlatformFlags, isTerminal: boolean) {
  return {
    host: flags.host,
    sleep: { afterMs: flags.sleepAfter, wakeDelayMs: flags.wakeDelay || 0, quotaMs: flags.quota },
    cycleAfterMs: flags.cycleAfter,
    speed: flags.speed,
    timeouts: {
      ...DEFAULTS.timeouts,
      boot: flags.bootTimeout,
      shutdown: flags.shutdownTimeout,
      request: flags.requestTimeout,
      idleWindow: flags.idleWindow,
      queue: flags.queueTimeout,
    },
    isStrict: flags.strict === true,
    memoryQuota: flags.memoryQuota,
    dynoKeepAlive: flags.dynoKeepalive,
    logFormat: flags.logFormat ?? (isTerminal ? 'pretty' : 'heroku'),
  };
}

/**
 * How many dynos of which size to start.
 * @param types the only ones to start; empty: all
 * @throws UserError for unknown types, and for quantities and sizes that make no sense
 */
export function formationOf(
  processes: Procfile,
  types: readonly string[],
  { changes, terminals, inspectors }: Pick<StartOptions, 'changes' | 'terminals' | 'inspectors'>,
): Formation {
  const all = defaultFormation(processes.keys());
  const require = (chosen: ChosenTypes, flag: string): void =>
    requireTypes(all, chosen === 'all' ? [] : chosen, flag);
  require(terminals, '--tty');
  require(inspectors?.breaking ?? [], '--inspect-brk');
  require(inspectors?.types ?? [], '--inspect');
  refuseFolder(types.filter((type) => !all.has(type)));
  const chosen = types.length === 0 ? all : onlyTypes(all, types);
  return applyFormation(chosen, expandAll(changes, [...all.keys()]));
}

/**
 * Refuses types in `--watch-only` that the Procfile lacks.
 * @throws UserError `UNKNOWN_TYPE`
 */
export function refuseUnknownTypes(types: readonly string[], known: readonly string[]): void {
  const unknown = types.find((type) => !known.includes(type));
  if (unknown === undefined) return;
  const message = `--watch-only: there is no process type ${unknown}`;
  throw new UserError('UNKNOWN_TYPE', message, hintForType(unknown, known));
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

/**
 * The log of an app in the background.
 * @param appState the app's folder in the state folder
 */
export function startLog(appState: string): string {
  return join(appState, 'start.log');
}
