import { copyFileSync, fstatSync, ftruncateSync } from 'node:fs';

/** With the file of older lines, the log stays below twice this, or little more. */
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * Keeps the log of a dynosim in the background small: a full one becomes `host.log.1`.
 * @param fd of the log, which is appended to
 * @returns to be called while nothing is being written: what arrives between copy and cut would be lost
 */
export function limitLog(file: string, fd: number): () => void {
  return () => {
    if (fstatSync(fd).size < MAX_BYTES) return;
    try {
      copyFileSync(file, `${file}.1`);
    } catch {
      // The disk is full, or somebody has removed the file: whatever part of it was copied is enough, for the apps run on.
    }
    ftruncateSync(fd);
  };
}
