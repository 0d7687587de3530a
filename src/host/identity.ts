import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { appStateFolder, stateFolder } from '../api/client/state-folder.js';
import { appIdOf } from '../apps/app-name.js';
import { randomId } from '../base/ids.js';
import { addonFolders } from './host-addons.js';

/** Which of the apps that may run from one folder an app is. */
export interface AppIdentity {
  readonly id: string;
  /** The path that `appStateFolder` and `addonFolders` name what they keep of the app after. */
  readonly home: string;
  /** As in `NewApp`. */
  readonly isPrivate: boolean;
}

/** The app of a folder: only one runs at a time, and keeps its add-ons from start to start. */
export function ownIdentity(dir: string): AppIdentity {
  return { id: appIdOf(dir), home: dir, isPrivate: false };
}

/** An app for a test: any number may run from one folder at the same time, and each shares nothing with the others. */
export function privateIdentity(dir: string): AppIdentity {
  const id = randomId();
  return { id, home: join(dir, id), isPrivate: true };
}

/**
 * Removes all that is kept of a private app, after its end.
 * @param env the environment that dynosim was started with
 */
export function removeHome(env: NodeJS.ProcessEnv, { home }: AppIdentity): void {
  for (const folder of [appStateFolder(stateFolder(env), home), addonFolders(env, home).folder])
    rmSync(folder, { recursive: true, force: true });
}
