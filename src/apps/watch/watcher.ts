import { resolve } from 'node:path';
import type { ChokidarOptions, FSWatcher } from 'chokidar';
import type { Cancel, Clock } from '../../base/clock.js';

/** Editors and generators write in several steps; a change is over once nothing has happened for this long, ms. */
const SETTLED_AFTER_MS = 100;

/** Watching begins a little after the start, which it would only slow down, ms. */
const BEGIN_AFTER_MS = 300;

export interface WatcherOptions {
  /** Real time. */
  readonly clock: Clock;
  readonly paths: readonly string[];
  readonly chokidar: ChokidarOptions;
  /**
   * Called at every change that chokidar reports, with its name for it, such as `add`.
   * @returns whether it counts
   */
  onEvent?(event: string, path: string): boolean;
  /**
   * Called when the system reports something about a path, before chokidar has looked what it is.
   * @returns whether it counts
   */
  onHint?(path: string): boolean;
  onReady(): void;
  onError?(error: unknown): void;
  /** Called once all that counts is over. */
  onSettled(): void;
}

/** Watches files by chokidar, which is loaded no sooner. The only file that imports it. */
export class Watcher {
  readonly #options: WatcherOptions;
  #watcher: FSWatcher | undefined;
  #isOver = false;
  #cancel: Cancel;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#cancel = options.clock.after(BEGIN_AFTER_MS, () => void this.#begin());
  }

  /** Watches another path, too. */
  add(path: string): void {
    this.#watcher?.add(path);
  }

  /** Calls `onSettled` once nothing has happened for a moment. */
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

/** The whole path: of something in a watched folder the system says only the name. */
function pathOf(name: string, details: unknown): string {
  const { watchedPath } = (details ?? {}) as { readonly watchedPath?: unknown };
  return typeof watchedPath === 'string' ? resolve(watchedPath, name ?? '') : name;
}
