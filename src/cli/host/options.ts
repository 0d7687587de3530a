import { join, resolve } from 'node:path';
import { stateFolder } from '../../api/client/state-folder.js';
import { type DynoSizeName, parseDynoSize } from '../../base/sizes.js';
import { parsePort } from '../../config/dyno-env.js';
import { type PlatformFlags, type PlatformOptions, readPlatformOptions } from '../start/options.js';

/** The flags of `host` as they were typed. */
export interface HostFlags extends PlatformFlags {
  readonly port: string;
  readonly apiPort: string;
  readonly state?: string;
  readonly detach?: true;
  readonly inBackground?: true;
  readonly size: string;
}

export interface HostOptions extends PlatformOptions {
  readonly port: number;
  readonly apiPort: number;
  /** Where the apps are kept. */
  readonly state: string;
  readonly size: DynoSizeName;
  /** It was detached: stdout is its log file. */
  readonly isInBackground: boolean;
}

/**
 * @param isTerminal whether people read stdout
 * @throws UserError for a value that cannot be used
 */
export function readHostOptions(flags: HostFlags, env: NodeJS.ProcessEnv, isTerminal: boolean): HostOptions {
  return {
    ...readPlatformOptions(flags, isTerminal),
    port: parsePort(flags.port, '--port'),
    apiPort: parsePort(flags.apiPort, '--api-port'),
    state: hostState(flags.state, env),
    size: parseDynoSize(flags.size),
    isInBackground: flags.inBackground === true,
  };
}

/** The folder in which a host keeps its apps. */
function hostState(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return given === undefined ? join(stateFolder(env), 'host') : resolve(given);
}
