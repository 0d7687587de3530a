/** An env file to change: its present state, and whether it may be replaced. */

import { type Buffer, isUtf8 } from 'node:buffer';
import { constants, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Draft, prepareFile } from '../base/atomic-file.js';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { followLinks } from '../base/folders.js';
import { isAllowed } from './folder.js';

type Found =
  | { readonly is: 'nothing' }
  | { readonly is: 'file'; readonly stats: Stats; readonly bytes: Buffer }
  /** A folder, pipe or device. */
  | { readonly is: 'other' };

export class EnvTarget {
  readonly name: string;
  /** Its path without links. */
  readonly path: string;
  readonly #link: string;
  readonly #found: Found;

  /**
   * Reads a file.
   * @param name as given by the user
   * @throws UserError `ENV_FILE_UNREADABLE`
   */
  constructor(name: string, link: string) {
    this.name = name;
    this.#link = link;
    try {
      this.#found = find(link);
      this.path = this.#found.is === 'other' ? link : followLinks(link);
    } catch (error) {
      throw new UserError('ENV_FILE_UNREADABLE', `${name} cannot be read: ${errorMessage(error)}`);
    }
  }

  get isThere(): boolean {
    return this.#found.is !== 'nothing';
  }

  /** undefined if it is not a file; empty if it does not exist. */
  get text(): string | undefined {
    if (this.#found.is === 'other') return undefined;
    return this.#found.is === 'file' ? this.#found.bytes.toString() : '';
  }

  /**
   * Checks whether it may be replaced, as far as that can be determined in advance.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`, `ENV_FILE_NOT_TEXT`
   */
  checkReplaceable(): void {
    if (this.#found.is === 'nothing') return;
    if (this.#found.is === 'other') throw this.#notWritable('it is not a file', 'Name a file.');
    const { stats, bytes } = this.#found;
    if (!isUtf8(bytes) || bytes.includes(0)) {
      const message = `${this.name} is not UTF-8: writing it would lose characters`;
      throw new UserError('ENV_FILE_NOT_TEXT', message, 'Save the file as UTF-8.');
    }
    // Replacing it would detach it from its other hard links.
    if (stats.nlink > 1) throw this.#notWritable('it is a hard link', 'Make it a symbolic link.');
    // The system would allow it to root, and to all users with write access to the folder.
    const isReadOnly = (stats.mode & 0o222) === 0 || !isAllowed(this.path, constants.W_OK);
    if (isReadOnly) throw this.#notWritable('it is read-only', `Try: chmod u+w ${this.path}`);
  }

  /**
   * Writes the new version next to it.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`
   */
  async prepare(text: string): Promise<Draft> {
    try {
      return await prepareFile(this.path, text, this.#found.is === 'file' ? this.#found.stats : undefined);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /**
   * Replaces it with the prepared version.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`
   */
  replace(draft: Draft): void {
    try {
      draft.replace();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  isAsRead(): boolean {
    try {
      if (followLinks(this.#link) !== this.path) return false;
      const now = readFileSync(this.path);
      return this.#found.is === 'file' && now.equals(this.#found.bytes);
    } catch (error) {
      return errorCode(error) === 'ENOENT' && !this.isThere;
    }
  }

  #explain(error: unknown): UserError {
    const folder = dirname(this.path);
    switch (errorCode(error)) {
      case 'ENOENT':
        return this.#notWritable('its folder is not there', `Try: mkdir -p ${folder}`);
      case 'EACCES':
      case 'EROFS':
        return this.#notWritable('its folder is read-only', `Try: chmod u+w ${folder}`);
      case 'EPERM':
        return this.#notWritable('it belongs to another user', `Try: ls -l ${this.path}`);
      case 'EBUSY':
        // A single file mounted by Docker.
        return this.#notWritable('it is a mount point', `Mount its folder instead: ${folder}`);
      default:
        return this.#notWritable(errorMessage(error));
    }
  }

  #notWritable(why: string, hint?: string): UserError {
    const message = `${this.name} cannot be changed: ${why} (${this.path})`;
    return new UserError('ENV_FILE_NOT_WRITABLE', message, hint);
  }
}

function find(link: string): Found {
  const stats = statSync(link, { throwIfNoEntry: false });
  if (!stats) return { is: 'nothing' };
  // Reading a pipe would wait for its writer.
  return stats.isFile() ? { is: 'file', stats, bytes: readFileSync(link) } : { is: 'other' };
}
