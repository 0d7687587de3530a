import { promises } from 'node:fs';
import { join, sep } from 'node:path';
import { type Clock, pause } from '../base/clock.js';
import { realFolder } from '../base/folders.js';
import { isAtWorkIn } from '../dynos/proc.js';

/** How long to wait for a git of a killed dynosim. It ends by itself, but may finish a large pack first. Real time. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;

/**
 * Removes what a killed push has left in a repository: objects that no ref needs, and locks, which would make git refuse
 * further pushes.
 */
export async function sweep(repository: string, clock: Clock): Promise<void> {
  const folder = realFolder(repository);
  for (let waited = 0; waited < PATIENCE_MS && isAtWorkIn(folder, 'git'); waited += LOOK_EVERY_MS)
    await pause(clock, LOOK_EVERY_MS);
  const names = await promises.readdir(repository, { recursive: true });
  for (const name of names.filter(isLeftOver))
    await promises.rm(join(repository, name), { recursive: true, force: true });
}

/** Temporary files of git and of `checkOut`. Refs and objects never have these names. */
function isLeftOver(name: string): boolean {
  const [top = '', ...below] = name.split(sep);
  const last = below.at(-1) ?? top;
  if (last.endsWith('.lock')) return true;
  return top === 'objects' ? /^\.?tmp[-_]/.test(last) : below.length === 0 && /^index-/.test(top);
}
