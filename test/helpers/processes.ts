import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

let last = 0;

/** A duration for `sleep` that no other process on the machine uses: by it a test finds what is left of its own. */
export function uniqueNap(): string {
  last += 1;
  return `9${String(process.pid).padStart(7, '0')}${String(last).padStart(3, '0')}`;
}

/** All living processes with this text in their command line. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text))
    .filter((pid) => Number(pid) !== process.pid)
    .map(Number);
}

/** A process's command line, its words ending with NUL; empty if it has ended. */
export function commandLine(pid: number | string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The folder that a process works in; empty if it has ended. */
export function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** Resolves when no process has this text in its command line any more. A test's timeout bounds the wait. */
export async function untilGone(text: string): Promise<void> {
  while (processesWith(text).length > 0) await new Promise((resolve) => setImmediate(resolve));
}
