import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILD_LIMITS } from '../base/limits.js';
import type { Executor, Place } from './executor.js';

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

/** @param seen files that have several names, as package managers make them */
async function bytesBelow(dir: string, seen = new Set<bigint>()): Promise<number> {
  const entries = await readdir(dir, { withFileTypes: true });
  const sizes = entries.map((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? bytesBelow(path, seen) : bytesOf(path, seen);
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

async function bytesOf(file: string, seen: Set<bigint>): Promise<number> {
  const { size, nlink, ino } = await lstat(file, { bigint: true });
  if (nlink === 1n) return Number(size);
  if (seen.has(ino)) return 0;
  seen.add(ino);
  return Number(size);
}
