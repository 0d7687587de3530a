import { promises } from 'node:fs';
import { join, sep } from 'node:path';
import { type Clock, pause } from '../base/clock.js';
import { realFolder } from '../base/folders.js';
import { isAtWorkIn } from '../dynos/proc.js';

/** A git whose dynosim was killed ends by itself, but may have to finish a large pack first. Real time. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;

/**
 * Removes what is left in a repository if dynosim and git were killed amid a push: objects that no ref leads to yet,
 * and locks, with which git would refuse every push from then on.
 */
export async function sweep(repository: string, clock: Clock): Promise<void> {
  const folder = realFolder(repository);
  for (let waited = 0; waited < PATIENCE_MS && isAtWorkIn(folder, 'git'); waited += LOOK_EVERY_MS)
    await pause(clock, LOOK_EVERY_MS);
  const names = await promises.readdir(repository, { recursive: true });
  for (const name of names.filter(isLeftOver))
    await promises.rm(join(repository, name), { recursive: true, force: true });
}

/** git writes these first, then renames them; a ref or an object never has such a name. */
function isLeftOver(name: string): boolean {
  const [top = '', ...below] = name.split(sep);
  const last = below.at(-1) ?? top;
  if (last.endsWith('.lock')) return true;
  return top === 'objects' ? /^\.?tmp[-_]/.test(last) : below.length === 0 && /^index-/.test(top);
}
