import { closeSync, fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isInForeground } from '../dynos/proc.js';

/**
 * To be called last. Node gives terminals that it has open the modes back that they had when it started. In the
 * background of a shell, that would spoil the modes in which the shell or another program now uses the terminal. If
 * the terminal has been closed, Node fails at that, and aborts.
 */
export function leaveTerminal(): void {
  const isOurs = isInForeground();
  for (const fd of [0, 1, 2]) if (isDevice(fd) && !(isOurs && isatty(fd))) closeSync(fd);
}

/** Whether it is a terminal, even one that has been closed, or another device. */
function isDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    // It is not open.
    return false;
  }
}
