import { copyFileSync, fstatSync, ftruncateSync } from 'node:fs';

/** With the file of older lines, the log stays below twice this. */
const MAX_BYTES = 5 * 1024 * 1024;

/** So often the size is looked at: after so many lines. */
const LOOK_AFTER = 1000;

/**
 * Keeps the log of a dynosim in the background small: a full one becomes `host.log.1`.
 * @param fd of the log, which is appended to
 * @returns to be called after each line
 */
export function limitLog(file: string, fd: number): () => void {
  let lines = 0;
  return () => {
    lines += 1;
    if (lines % LOOK_AFTER !== 0 || fstatSync(fd).size < MAX_BYTES) return;
    try {
      copyFileSync(file, `${file}.1`);
    } catch {
      // The disk is full, or somebody has removed the file: whatever part of it was copied is enough, for the apps run on.
    }
    ftruncateSync(fd);
  };
}
