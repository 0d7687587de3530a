import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock.js';
import { errorCode, errorMessage } from '../../base/errors.js';
import { followLinks } from '../../base/folders.js';
import { Watcher } from './watcher.js';

/** How often to look at each file, ms. */
const LOOK_EVERY_MS = 200;

/**
 * Calls back after each change of a few files, whatever happens to them, to their folders or to links on the way; and
 * once at the beginning, for what has changed before.
 *
 * chokidar looks at the files and their folders now and then. If the system told it of changes, it would list a folder
 * at each line that a dyno writes into a log in it, which takes a whole core, and it would lose sight of a file that
 * goes and comes back. Its own events leave out a file that is replaced by an older one of the same size, so its hints
 * count: the system's answers that are unlike the last ones.
 */
export class NamedFiles {
  readonly #paths: readonly string[];
  readonly #onChange: () => void;
  readonly #watcher: Watcher;
  readonly #watched = new Set<string>();
  #lastState: string | undefined;

  constructor(paths: readonly string[], clock: Clock, onChange: () => void) {
    this.#paths = paths;
    this.#onChange = onChange;
    this.#watcher = new Watcher({
      clock,
      paths: this.#newFolders(),
      chokidar: {
        usePolling: true,
        interval: LOOK_EVERY_MS,
        binaryInterval: LOOK_EVERY_MS,
        ignored: (path) => !this.#watched.has(path),
      },
      onHint: () => true,
      onReady: () => this.#watcher.settleSoon(),
      onSettled: () => this.#look(),
    });
  }

  close(): Promise<void> {
    return this.#watcher.close();
  }

  #look(): void {
    const state = this.#paths.map(stateOf).join();
    if (state === this.#lastState) return;
    this.#lastState = state;
    // A link may lead elsewhere now.
    for (const folder of this.#newFolders()) this.#watcher.add(folder);
    this.#onChange();
  }

  /** The folders of the files, and of the files that links lead to, as far as they are not watched yet. */
  #newFolders(): readonly string[] {
    const files = this.#paths.flatMap((path) => [path, targetOf(path)]);
    const folders = new Set(files.map((file) => dirname(file)).filter(existsSync));
    const added = [...folders].filter((folder) => !this.#watched.has(folder));
    for (const path of [...files, ...folders]) this.#watched.add(path);
    return added;
  }
}

/** Where a file really is. */
function targetOf(path: string): string {
  try {
    return followLinks(path);
  } catch {
    return path;
  }
}

/** Another one after every change. */
function stateOf(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return 'no file';
    return [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
  } catch (error) {
    return errorCode(error) ?? errorMessage(error);
  }
}
