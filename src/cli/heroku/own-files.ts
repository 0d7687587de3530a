import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage, UserError } from '../../base/errors.js';

/** A folder for what Heroku's CLI is given to read: it may read it at any time, so no file changes in place. */
export class OwnFiles {
  readonly folder: string;

  /** @throws UserError `STATE_UNUSABLE` */
  constructor(folder: string) {
    this.folder = folder;
    this.#orUnusable(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /**
   * Sees to it that a file has this text.
   * @param isFresh also that it is new
   * @returns its path
   * @throws UserError `STATE_UNUSABLE`
   */
  keep(name: string, text: string, { isFresh = false } = {}): string {
    const path = this.path(name);
    if (!isFresh && this.read(name) === text) return path;
    const draft = `${path}.${process.pid}`;
    this.#orUnusable(() => {
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, path);
    });
    return path;
  }

  read(name: string): string | undefined {
    try {
      return readFileSync(this.path(name), 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw this.#unusable(error);
    }
  }

  #orUnusable(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#unusable(error);
    }
  }

  #unusable(error: unknown): UserError {
    return new UserError(
      'STATE_UNUSABLE',
      `dynosim cannot keep its state in ${this.folder}: ${errorMessage(error)}`,
      'Set XDG_STATE_HOME to a folder of your own.',
    );
  }
}
