import { resolve } from 'node:path';
import type { ChokidarOptions, FSWatcher } from 'chokidar';
import type { Cancel, Clock } from '../../base/clock.js';

/** Editors and generators write in several steps. A change ends after this much silence. */
const SETTLED_AFTER_MS = 100;

/** Watching begins a little later, so as not to slow down the start. */
const BEGIN_AFTER_MS = 300;

export interface WatcherOptions {
  /** Real time. */
  readonly clock: Clock;
  readonly paths: readonly string[];
  readonly chokidar: ChokidarOptions;
  /**
   * Called with every change that chokidar reports, and its name for it, such as `add`.
   * @returns whether it counts
   */
  onEvent?(event: string, path: string): boolean;
  /**
   * Called when the system reports an event for a path, before chokidar has examined it.
   * @returns whether it counts
   */
  onHint?(path: string): boolean;
  onReady(): void;
  onError?(error: unknown): void;
  /** Called when no event that counts has happened for a moment. */
  onSettled(): void;
}

/** Watches files with chokidar, which it loads on demand. */
export class Watcher {
  readonly #options: WatcherOptions;
  #watcher: FSWatcher | undefined;
  #isOver = false;
  #cancel: Cancel;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#cancel = options.clock.after(BEGIN_AFTER_MS, () => void this.#begin());
  }

  /** Watches an additional path. */
  add(path: string): void {
    this.#watcher?.add(path);
  }

  /** Calls `onSettled` after a moment of silence. */
  settleSoon(): void {
    const { clock, onSettled } = this.#options;
    this.#cancel();
    if (!this.#isOver) this.#cancel = clock.after(SETTLED_AFTER_MS, onSettled);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#cancel();
    await this.#watcher?.close();
  }

  async #begin(): Promise<void> {
    const { watch } = await import('chokidar');
    if (this.#isOver) return;
    const { paths, chokidar, onEvent, onHint, onReady, onError } = this.#options;
    this.#watcher = watch([...paths], { ignoreInitial: true, ...chokidar })
      .on('error', (error) => onError?.(error))
      .on('ready', onReady);
    if (onEvent)
      this.#watcher.on('all', (event, path) => {
        if (onEvent(event, path)) this.settleSoon();
      });
    if (onHint)
      this.#watcher.on('raw', (_event, path, details) => {
        if (onHint(pathOf(path, details))) this.settleSoon();
      });
  }
}

/** The full path: for an entry of a watched folder, the system reports only the name. */
function pathOf(name: string, details: unknown): string {
  const { watchedPath } = (details ?? {}) as { readonly watchedPath?: unknown };
  return typeof watchedPath === 'string' ? resolve(watchedPath, name ?? '') : name;
}
