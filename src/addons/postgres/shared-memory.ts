import { join } from 'node:path';
import { loadPrograms } from '../../base/process.js';
import { readIfThere } from '../../base/read.js';

/**
 * Removes the segment of shared memory that a server has left which was killed. PostgreSQL does so itself when it starts
 * again, and at an orderly end. On Linux alone, where /proc tells whose segment it is.
 * @param cluster of a server that does not run
 */
export async function removeSharedMemory(cluster: string): Promise<void> {
  // Its seventh line has the segment's key and ID.
  const [key, id] = readIfThere(join(cluster, 'postmaster.pid'))?.split('\n')[6]?.trim().split(/\s+/) ?? [];
  const segments = (readIfThere('/proc/sysvipc/shm') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  // An ID may have been given again.
  const isLeft = segments.some(([k, i, , , , , attached]) => k === key && i === id && attached === '0');
  if (id === undefined || !isLeft) return;
  const { run } = await loadPrograms();
  await run(['ipcrm', '-m', id]).finished;
}
