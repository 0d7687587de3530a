import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILD_LIMITS } from '../base/limits.js';
import type { Executor, Place } from './executor.js';
import { walk } from './walk.js';

/**
 * The bytes of a slug. Heroku counts the compressed archive; compressing takes seconds, so that a slug which is within
 * the limits as it is counts as it is.
 */
export async function measureSlug(executor: Executor, place: Place): Promise<number> {
  const bytes = await bytesBelow(place.dir);
  if (bytes <= BUILD_LIMITS.softSlugBytes) return bytes;
  const archive = ['bash', '-c', 'set -o pipefail; tar -c . | gzip -1 | wc -c'] as const;
  const { status, stdout } = await executor.ask(archive, place);
  return status === 0 ? Number(stdout) : bytes;
}

async function bytesBelow(dir: string): Promise<number> {
  let bytes = 0;
  // A package manager may give one file several names.
  const seen = new Set<bigint>();
  await walk(dir, async (path, entry) => {
    if (entry.isDirectory()) return true;
    const { size, nlink, ino } = await lstat(join(dir, path), { bigint: true });
    if (nlink === 1n || !seen.has(ino)) bytes += Number(size);
    if (nlink > 1n) seen.add(ino);
    return false;
  });
  return bytes;
}
