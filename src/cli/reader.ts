import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { systemClock } from '../base/clock.js';
import { errorCode } from '../base/errors.js';

/** How soon a reader that went away is noticed while there is nothing to write. */
const LOOK_EVERY_MS = 300;

/** Ends the process quietly once something is printed that nobody reads any more: `dynosim logs | head -1`. */
export function endWithReader(): void {
  process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? 0 : 1));
}

/**
 * Ends the process quietly as soon as nobody reads stdout any more, though nothing is printed: `dynosim logs -t |
 * head -1` of an app that has gone silent. Nothing tells of it, so this has to look.
 */
export function watchReader(): void {
  if (process.platform !== 'linux' || !fstatSync(process.stdout.fd).isFIFO()) return;
  const look = (): void => {
    if (!isRead(process.stdout.fd)) process.exit(0);
    systemClock.after(LOOK_EVERY_MS, look);
  };
  look();
}

/** A pipe that nobody reads cannot be opened for writing once more. https://man7.org/linux/man-pages/man7/fifo.7.html */
function isRead(pipe: number): boolean {
  try {
    closeSync(openSync(`/proc/self/fd/${pipe}`, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    return errorCode(error) !== 'ENXIO';
  }
}
