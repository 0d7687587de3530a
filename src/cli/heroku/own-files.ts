import { join } from 'node:path';
import { orUnusable } from '../../api/client/state-folder.js';
import { makeFolder, replaceFile } from '../../base/atomic-file.js';
import { readIfThere } from '../../base/read.js';

/** A folder of files for Heroku's CLI, which may read them at any time, so no file changes in place. */
export class OwnFiles {
  readonly folder: string;

  /** @throws UserError `STATE_UNUSABLE` */
  constructor(folder: string) {
    this.folder = folder;
    orUnusable(folder, () => makeFolder(folder));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /**
   * Makes sure that a file has this text.
   * @param isFresh writes it anew even if it has
   * @returns its path
   * @throws UserError `STATE_UNUSABLE`
   */
  keep(name: string, text: string, { isFresh = false } = {}): string {
    const path = this.path(name);
    if (!isFresh && this.read(name) === text) return path;
    orUnusable(this.folder, () => replaceFile(path, text));
    return path;
  }

  read(name: string): string | undefined {
    return orUnusable(this.folder, () => readIfThere(this.path(name)));
  }
}
