import { join, resolve } from 'node:path';
import { stateFolder } from '../../api/client/state-folder.js';
import type { DynoSizeName } from '../../base/sizes.js';
import type { PlatformFlags } from '../commands/platform-flags.js';
import { platformOptions } from '../start/options.js';

/** The flags of `host`. */
export interface HostFlags extends PlatformFlags {
  readonly port: number;
  readonly apiPort: number;
  readonly state?: string;
  readonly detach?: true;
  /** It was detached: stdout is its log file. */
  readonly inBackground?: true;
  /** Of new apps. */
  readonly size: DynoSizeName;
}

export type HostCommandOptions = ReturnType<typeof hostOptions>;

/** @param isTerminal whether people read stdout */
export function hostOptions(flags: HostFlags, env: NodeJS.ProcessEnv, isTerminal: boolean) {
  const { port, apiPort, size, inBackground } = flags;
  return {
    ...platformOptions(flags, isTerminal),
    port,
    apiPort,
    state: hostState(flags, env),
    size,
    isInBackground: inBackground === true,
  };
}

/** The folder in which a host keeps its apps. */
export function hostState({ state }: Pick<HostFlags, 'state'>, env: NodeJS.ProcessEnv): string {
  return state === undefined ? join(stateFolder(env), 'host') : resolve(state);
}

/** The log of a host in the background. */
export function hostLog(state: string): string {
  return join(state, 'host.log');
}
