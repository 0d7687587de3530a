/** Files that others find whole or not at all. */

import {
  linkSync,
  mkdirSync,
  // Not from 'node:fs/promises', which takes a millisecond to load: most runs need none of it.
  promises,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './errors.js';

/**
 * Makes a folder, and those above it, for their owner only. Node's own `recursive` never returns where the system
 * reports a missing folder for one that cannot be made, as below /proc.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Writes a file in place of one that may be there; makes its folder if need be. */
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
 * Writes a file for its owner only, unless there is one; makes its folder if need be.
 * @returns whether there was none
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
 * Gives a file one more name, unless that is taken.
 * @returns whether it was free
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

/** A new version of a file, on the disk beside it. */
export interface Draft {
  /** Puts it in the file's place. */
  replace(): void;
  /** Removes it, unless it has taken the file's place. */
  discard(): void;
}

/**
 * Writes a new version of a file that is to take its place later.
 * @param before the file as it is: its rights and owner are kept. A new one is for its owner only
 */
export async function prepareFile(file: string, content: string, before?: Stats): Promise<Draft> {
  const draft = draftPath(file);
  const discard = (): void => removeIfThere(draft);
  try {
    // For nobody else to read until it has the file's own rights.
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
 * Writes a file in place of one that may be there. Resolves when the file and its name are on the disk: no power cut
 * takes either back.
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

/** Puts on the disk which names a folder has. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns its path: beside the file, which it can therefore replace in one step */
function writeDraft(file: string, content: string | Uint8Array, mode: number): string {
  makeFolder(dirname(file));
  const draft = draftPath(file);
  try {
    writeFileSync(draft, content, { mode, flag: 'wx' });
    return draft;
  } catch (error) {
    // Begun, and the disk was full.
    if (errorCode(error) !== 'EEXIST') removeIfThere(draft);
    throw error;
  }
}

/** A .gitignore with `.env*` covers the draft too, should a crash leave it behind. */
function draftPath(file: string): string {
  return `${file}.${Math.random().toString(36).slice(2, 10)}.tmp`;
}

/** rmSync would do, but takes longer to load than all else here, and dynos wait for it. */
function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch {}
}
