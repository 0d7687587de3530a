import { join } from 'node:path';
import { namesIn } from '../../base/read.js';

/** Where Homebrew links what is not in PATH, on Apple's processors and Intel's. */
const HOMEBREW = ['/opt/homebrew/opt', '/usr/local/opt'];

/** The folders in which packages of this system put PostgreSQL's programs, besides those in PATH: newest first. */
export function installedFolders(): readonly string[] {
  const debian = namesIn('/usr/lib/postgresql').map((name) => join('/usr/lib/postgresql', name, 'bin'));
  const homebrew = HOMEBREW.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith('postgresql@') || name === 'libpq')
      .map((name) => join(folder, name, 'bin')),
  );
  return [...debian, ...homebrew].reverse();
}
