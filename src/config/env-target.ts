/** An env file that is to be changed: what it is now, and whether it may be replaced. */

import { type Buffer, isUtf8 } from 'node:buffer';
import { constants, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Draft, prepareFile } from '../base/atomic-file.js';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { followLinks } from '../base/folders.js';
import { isAllowed } from './folder.js';

/** The thing at the end of a path. */
type Found =
  | { readonly is: 'nothing' }
  | { readonly is: 'file'; readonly stats: Stats; readonly bytes: Buffer }
  /** A folder, a pipe, a device. */
  | { readonly is: 'other' };

export class EnvTarget {
  readonly name: string;
  /** Where it really is: no link. */
  readonly path: string;
  readonly #link: string;
  readonly #found: Found;

  /**
   * Reads a file.
   * @param name as the user named it
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

  /** undefined if it is no file; empty if it is not there. */
  get text(): string | undefined {
    if (this.#found.is === 'other') return undefined;
    return this.#found.is === 'file' ? this.#found.bytes.toString() : '';
  }

  /**
   * Checks whether it may be replaced, as far as that can be known beforehand.
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
    // To replace it would part it from its other names.
    if (stats.nlink > 1) throw this.#notWritable('it is a hard link', 'Make it a symbolic link.');
    // The system would allow it for root, and for everybody who may write to the folder.
    const isReadOnly = (stats.mode & 0o222) === 0 || !isAllowed(this.path, constants.W_OK);
    if (isReadOnly) throw this.#notWritable('it is read-only', `Try: chmod u+w ${this.path}`);
  }

  /**
   * Writes beside it what it is to be replaced with.
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
   * Puts what was prepared in its place.
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
        // A file that docker mounts by itself.
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
