import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock.js';
import { errorCode, errorMessage } from '../../base/errors.js';
import { followLinks } from '../../base/folders.js';
import { Watcher } from './watcher.js';

const LOOK_EVERY_MS = 200;

/**
 * Calls back after each change of a few files, including changes of their folders and of links on the way; and once at
 * the start, for earlier changes.
 *
 * chokidar polls the files and their folders. With the system's notifications, it would list a folder whenever a dyno
 * writes a line to a log in it, which takes a whole core, and would lose track of a file that is removed and created
 * again. Its own events omit a file that is replaced by an older one of the same size, so this uses its raw events:
 * differences between two polls.
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
    // Links may have new targets.
    for (const folder of this.#newFolders()) this.#watcher.add(folder);
    this.#onChange();
  }

  /** The folders of the files and of link targets, without those that are watched already. */
  #newFolders(): readonly string[] {
    const files = this.#paths.flatMap((path) => [path, targetOf(path)]);
    const folders = new Set(files.map((file) => dirname(file)).filter(existsSync));
    const added = [...folders].filter((folder) => !this.#watched.has(folder));
    for (const path of [...files, ...folders]) this.#watched.add(path);
    return added;
  }
}

function targetOf(path: string): string {
  try {
    return followLinks(path);
  } catch {
    return path;
  }
}

/** Differs after every change. */
function stateOf(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return 'no file';
    return [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
  } catch (error) {
    return errorCode(error) ?? errorMessage(error);
  }
}
