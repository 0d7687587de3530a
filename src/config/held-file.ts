/**
 * An env file from the moment it is read to the moment it is replaced, in one step, unless somebody else wrote to it
 * meanwhile. Rights, owner and links stay.
 */

import { Buffer, isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  // Not from 'node:fs/promises', which takes a millisecond to load: most runs write no file.
  promises,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, errorMessage, UserError } from '../base/errors.js';

/** What is at the end of a path. */
type Found =
  | { readonly is: 'nothing' }
  | { readonly is: 'file'; readonly stats: Stats; readonly descriptor: number; readonly bytes: Buffer }
  /** A folder, a pipe, a device. */
  | { readonly is: 'other' };

export class HeldFile {
  readonly name: string;
  /** Where it really is: no link. */
  readonly path: string;
  readonly #link: string;
  readonly #draft: string;
  readonly #found: Found;

  /**
   * Reads a file; `close()` lets go of it.
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
    // Whoever has git ignore `.env*` has it ignore this too, should a crash leave it behind.
    this.#draft = join(dirname(this.path), `${basename(this.path)}.${randomUUID().slice(0, 8)}.tmp`);
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
   * Whether it may be replaced, as far as that can be known beforehand.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`, `ENV_FILE_NOT_TEXT`
   */
  checkReplaceable(): void {
    if (this.#found.is === 'nothing') return;
    if (this.#found.is === 'other') throw this.#notWritable('it is not a file', 'Name a file.');
    const { stats, bytes } = this.#found;
    if (!isUtf8(bytes) || bytes.includes(0)) {
      const message = `${this.name} is not UTF-8: to write it would lose characters`;
      throw new UserError('ENV_FILE_NOT_TEXT', message, 'Save the file as UTF-8.');
    }
    // To replace it would part it from its other names.
    if (stats.nlink > 1) throw this.#notWritable('it is a hard link', 'Make it a symbolic link.');
    // The system would let root do it, and whoever may write to the folder.
    const isReadOnly = (stats.mode & 0o222) === 0 || !mayWrite(this.path);
    if (isReadOnly) throw this.#notWritable('it is read-only', `Try: chmod u+w ${this.path}`);
  }

  /**
   * Writes beside it what it is to be replaced with.
   * @throws UserError `ENV_FILE_NOT_WRITABLE`
   */
  async prepare(text: string): Promise<void> {
    try {
      // For nobody else to read until it has the file's own rights.
      const handle = await promises.open(this.#draft, 'wx', 0o600);
      try {
        await handle.writeFile(text);
        if (this.#found.is === 'file') await inherit(handle, this.#found.stats);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Whether it is still what was read. */
  isAsRead(): boolean {
    try {
      if (followLinks(this.#link) !== this.path) return false;
      const now = readFileSync(this.path);
      return this.#found.is === 'file' && now.equals(this.#found.bytes);
    } catch (error) {
      return errorCode(error) === 'ENOENT' && !this.isThere;
    }
  }

  /** Puts what was prepared in its place. */
  replace(): void {
    try {
      renameSync(this.#draft, this.path);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /**
   * What is now in the file that was read, even if another has its name since: somebody may have had it open.
   * undefined if it is what was read.
   */
  findLateText(): string | undefined {
    if (this.#found.is !== 'file') return undefined;
    const now = readAll(this.#found.descriptor);
    return now.equals(this.#found.bytes) ? undefined : now.toString();
  }

  /** Lets go of the file and removes what was not used. */
  async close(): Promise<void> {
    if (this.#found.is === 'file') closeSync(this.#found.descriptor);
    await promises.rm(this.#draft, { force: true });
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
        return this.#notWritable('it belongs to somebody else', `Try: ls -l ${this.path}`);
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
  // To open a pipe is to wait for whoever writes to it.
  if (!stats.isFile()) return { is: 'other' };
  const descriptor = openSync(link, 'r');
  return { is: 'file', stats: fstatSync(descriptor), descriptor, bytes: readAll(descriptor) };
}

/** From its beginning, however far it was read before. */
function readAll(descriptor: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
}

/** Where a link leads, even if nothing is there yet. */
export function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? followLinks(resolve(dirname(path), readlinkSync(path))) : path;
  }
}

async function inherit(handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
  await handle.chmod(mode & 0o7777);
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
