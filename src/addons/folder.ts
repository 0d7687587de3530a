import { join } from 'node:path';
import { folderKey } from '../base/folders.js';

/**
 * The folder for the add-ons of a host, in the user's data folder: not in the folder of an app, which may be read-only,
 * watched or in git.
 * @param of the folder of the app that it runs, or the state folder of a host of many apps
 */
export function addonsFolder(dataFolder: string, of: string): string {
  return join(dataFolder, 'addons', folderKey(of));
}

/** The file with the add-ons of a host. */
export function addonsFile(folder: string): string {
  return join(folder, 'addons.json');
}
