import { copyFileSync, fstatSync, ftruncateSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull } from '../../base/errors.js';

/** The log of a host in the background, in its state folder. */
export const HOST_LOG = 'host.log';

/** A log of this size is renamed, and a new one begun; so both together stay below twice this. */
const MAX_BYTES = 5 * 1024 * 1024;

/** The number of lines after which the size is checked. */
const LOOK_AFTER = 1000;

/**
 * Keeps the log of a host in the background small: a full one becomes `host.log.1`.
 * @param fd of the log, which is appended to
 * @returns to be called after each line
 */
export function limitLog(state: string, fd: number): () => void {
  const file = join(state, HOST_LOG);
  let lines = 0;
  return () => {
    lines += 1;
    if (lines % LOOK_AFTER !== 0 || fstatSync(fd).size < MAX_BYTES) return;
    try {
      copyFileSync(file, `${file}.1`);
    } catch (error) {
      // Whatever part of it was copied is enough: the rest makes room.
      if (!isDiskFull(error)) throw error;
    }
    ftruncateSync(fd);
  };
}
