import { basename } from 'node:path';
import { readOrEmpty } from '../../base/read.js';

/** Signs that this process was started to survive its terminal. */
export interface HangUpClues {
  /** `$_`: bash, zsh and ksh put the program there that they run, and nohup leaves it. */
  readonly startedAs: string | undefined;
  /** `/proc/PID/status` of the parent; '' where there is none. */
  readonly parentStatus: string;
  /** `/proc/self/fdinfo/0`; '' where there is none. */
  readonly stdinInfo: string;
}

/**
 * Whether SIGHUP was ignored when this process started (`nohup dynosim start &`, `trap '' HUP`). It must stay so, but
 * Node takes back what was ignored before any script runs, and the process's own status no longer tells.
 */
export function ignoresHangUp({ startedAs = '', parentStatus, stdinInfo }: HangUpClues): boolean {
  if (basename(startedAs) === 'nohup') return true;
  // A shell that ignores it passes that on to all that it starts. SIGHUP is the lowest bit.
  if (/^SigIgn:\s+[\da-f]*[13579bdf]$/m.test(parentStatus)) return true;
  // GNU nohup puts a stdin in a terminal's place that can only be written to; nobody else does.
  return /^flags:\s+\d*[15]$/m.test(stdinInfo);
}

export function readHangUpClues(): HangUpClues {
  return {
    startedAs: process.env._,
    parentStatus: readOrEmpty(`/proc/${process.ppid}/status`),
    stdinInfo: readOrEmpty('/proc/self/fdinfo/0'),
  };
}
