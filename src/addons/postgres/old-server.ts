import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, pause } from '../../base/clock.js';
import { errorCode, UserError } from '../../base/errors.js';
import { loadPrograms } from '../../base/process.js';
import { readIfThere } from '../../base/read.js';

/** How long a server may take to end: longer than the guard gives it. */
const END_MS = 10_000;

const LOOK_AGAIN_MS = 20;

/**
 * Ends the server of a cluster if one still runs: that of a dynosim which was killed a moment ago, or, on systems
 * without the guard, at any time. Removes its lock file if the process in it is another program's by now.
 * @throws UserError `STILL_RUNS`
 */
export async function endOldServer(cluster: string, clock: Clock): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const pid = Number.parseInt(readIfThere(file) ?? '', 10);
  // PostgreSQL itself notices that the process is gone.
  if (!(pid > 0) || !signal(pid, 0)) return;
  if (!(await commandOf(pid)).includes(cluster)) return removeIfThere(file);
  signal(pid, 'SIGINT');
  const deadline = clock.now() + END_MS;
  while (signal(pid, 0)) {
    if (clock.now() > deadline)
      throw new UserError(
        'STILL_RUNS',
        `another server uses ${cluster}: process ${pid}`,
        `End it: kill ${pid}`,
      );
    await pause(clock, LOOK_AGAIN_MS);
  }
}

/** The command line of a process; empty if it is gone. */
async function commandOf(pid: number): Promise<string> {
  const known = readIfThere(`/proc/${pid}/cmdline`);
  if (known !== undefined) return known;
  const { run } = await loadPrograms();
  return (await run(['ps', '-p', String(pid), '-o', 'command=', '-ww']).finished).stdout;
}

/** @returns whether the process is there */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
