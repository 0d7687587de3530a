/** Writes files that readers find either complete or not at all. */

import {
  linkSync,
  mkdirSync,
  // Not from 'node:fs/promises', which takes a millisecond to load and is seldom needed.
  promises,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from './errors.js';

/**
 * Makes a folder and its parents. Node's own `recursive` never returns where the system reports ENOENT for a folder that
 * cannot be made, as below /proc.
 * @param mode by default, only their owner has access
 */
export function makeFolder(folder: string, mode = 0o700): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Creates or replaces a file, and its folder if necessary. */
export function replaceFile(file: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = writeDraft(file, content, mode);
  try {
    renameSync(draft, file);
  } catch (error) {
    unlinkSync(draft);
    throw error;
  }
}

/**
 * Creates a file that only its owner can read, unless it exists, and its folder if necessary.
 * @returns false if the file exists
 */
export function createFile(file: string, content: string): boolean {
  const draft = writeDraft(file, content, 0o600);
  try {
    return linkUnlessThere(draft, file);
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Adds a hard link to a file.
 * @returns false if the name is taken
 */
export function linkUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A new version of a file, stored next to it. */
export interface Draft {
  /** Puts it in the file's place. */
  replace(): void;
  /** Removes it, unless it has taken the file's place. */
  discard(): void;
}

/**
 * Writes a new version of a file, to replace it later.
 * @param before the present file, whose permissions and owner are kept; a new file is accessible only to its owner
 */
export async function prepareFile(file: string, content: string, before?: Stats): Promise<Draft> {
  const draft = draftPath(file);
  const discard = (): void => removeIfThere(draft);
  try {
    // Accessible only to the owner until it has the file's permissions.
    const handle = await promises.open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      if (before) {
        const own = await handle.stat();
        if (own.uid !== before.uid || own.gid !== before.gid) await handle.chown(before.uid, before.gid);
        await handle.chmod(before.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    discard();
    throw error;
  }
  return { discard, replace: () => renameSync(draft, file) };
}

/**
 * Creates or replaces a file. Resolves when the file and its name are on disk, so that they survive a power failure.
 */
export async function saveFile(file: string, content: string): Promise<void> {
  const draft = await prepareFile(file, content);
  try {
    draft.replace();
  } catch (error) {
    draft.discard();
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Writes a folder's entries to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns the draft's path: next to the file, so that it can replace the file in one step */
function writeDraft(file: string, content: string | Uint8Array, mode: number): string {
  makeFolder(dirname(file));
  const draft = draftPath(file);
  try {
    writeFileSync(draft, content, { mode, flag: 'wx' });
    return draft;
  } catch (error) {
    // For example, a full disk.
    if (errorCode(error) !== 'EEXIST') removeIfThere(draft);
    throw error;
  }
}

/** If a crash leaves the draft behind, a .gitignore with `.env*` covers it, too. */
function draftPath(file: string): string {
  return `${file}.${Math.random().toString(36).slice(2, 10)}.tmp`;
}

/** Removes drafts that a crash has left behind. Only call it while no process writes files in the folder. */
export function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder))
    if (/\.[a-z0-9]{1,8}\.tmp$/.test(name)) removeIfThere(join(folder, name));
}

/** Not rmSync, which takes longer to load than everything else here, while dynos wait. */
function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch {}
}
