import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isInForeground } from '../dynos/proc.js';

/**
 * To be called last. Node gives terminals that it has open the modes back that they had when it started. In the
 * background of a shell, that would spoil the modes in which the shell or another program now uses the terminal.
 */
export function leaveTerminal(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  if (terminals.length === 0 || isInForeground()) return;
  for (const fd of terminals) closeSync(fd);
}
