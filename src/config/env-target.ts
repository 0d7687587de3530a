/** An env file to change: its present state, and whether it may be replaced. */

import { Buffer, isUtf8 } from 'node:buffer';
import { constants, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Draft, prepareFile } from '../base/atomic-file.js';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { followLinks } from '../base/folders.js';
import { type EnvFile, valuesIn } from './env-file.js';
import { isAllowed } from './folder.js';

/** Why the system refuses to write a file, and the remedy. */
const REFUSALS: Readonly<Record<string, readonly [why: string, remedy: (path: string) => string]>> = {
  ENOENT: ['its folder is not there', (path) => `Try: mkdir -p ${dirname(path)}`],
  EACCES: ['its folder is read-only', (path) => `Try: chmod u+w ${dirname(path)}`],
  EROFS: ['its folder is read-only', (path) => `Try: chmod u+w ${dirname(path)}`],
  EPERM: ['it belongs to another user', (path) => `Try: ls -l ${path}`],
  // A single file mounted by Docker.
  EBUSY: ['it is a mount point', (path) => `Mount its folder instead: ${dirname(path)}`],
};

export class EnvTarget {
  readonly name: string;
  /** Its path without links. */
  readonly path: string;
  /** Empty if there is no file. */
  readonly text: string;
  /** Of a pipe (`-e <(command)`), which can be read only once, those that were read then. */
  readonly values: EnvFile['values'];
  readonly #link: string;
  readonly #stats: Stats | undefined;
  readonly #bytes: Buffer;

  /** @throws UserError `ENV_FILE_UNREADABLE` */
  constructor({ name, path: link, values }: EnvFile) {
    this.name = name;
    this.#link = link;
    try {
      this.#stats = statSync(link, { throwIfNoEntry: false });
      const isOther = this.#stats?.isFile() === false;
      this.path = isOther ? link : followLinks(link);
      this.#bytes = this.#stats && !isOther ? readFileSync(link) : Buffer.alloc(0);
      this.text = this.#bytes.toString();
      this.values = isOther ? values : valuesIn(this.text);
    } catch (error) {
      throw new UserError('ENV_FILE_UNREADABLE', `${name} cannot be read: ${errorMessage(error)}`);
    }
  }

  get isThere(): boolean {
    return this.#stats !== undefined;
  }

  /**
   * Checks whether it may be replaced, as far as that can be determined in advance.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`, `ENV_FILE_NOT_TEXT`
   */
  checkReplaceable(): void {
    if (this.#stats === undefined) return;
    if (!this.#stats.isFile()) throw this.#notWritable('it is not a file', 'Name a file.');
    if (!isUtf8(this.#bytes) || this.#bytes.includes(0)) {
      const message = `${this.name} is not UTF-8: writing it would lose characters`;
      throw new UserError('ENV_FILE_NOT_TEXT', message, 'Save the file as UTF-8.');
    }
    // Replacing it would detach it from its other hard links.
    if (this.#stats.nlink > 1) throw this.#notWritable('it is a hard link', 'Make it a symbolic link.');
    // The system would allow it to root, and to all users with write access to the folder.
    const isReadOnly = (this.#stats.mode & 0o222) === 0 || !isAllowed(this.path, constants.W_OK);
    if (isReadOnly) throw this.#notWritable('it is read-only', `Try: chmod u+w ${this.path}`);
  }

  /**
   * Writes the new version next to it.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`, as replacing it does
   */
  async prepare(text: string): Promise<Draft> {
    const draft = await prepareFile(this.path, text, this.#stats).catch((error) => this.#explain(error));
    const replace = (): void => {
      try {
        draft.replace();
      } catch (error) {
        this.#explain(error);
      }
    };
    return { ...draft, replace };
  }

  isAsRead(): boolean {
    try {
      if (followLinks(this.#link) !== this.path) return false;
      return readFileSync(this.path).equals(this.#bytes) && this.isThere;
    } catch (error) {
      return errorCode(error) === 'ENOENT' && !this.isThere;
    }
  }

  #explain(error: unknown): never {
    const [why, remedy] = REFUSALS[errorCode(error) ?? ''] ?? [errorMessage(error)];
    throw this.#notWritable(why, remedy?.(this.path));
  }

  #notWritable(why: string, hint?: string): UserError {
    const message = `${this.name} cannot be changed: ${why} (${this.path})`;
    return new UserError('ENV_FILE_NOT_WRITABLE', message, hint);
  }
}
