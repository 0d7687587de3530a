import { realpathSync, statSync } from 'node:fs';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../../base/clock.js';
import { errorCode, errorMessage } from '../../base/errors.js';

/** Editors save in several steps; a file is read once nothing has happened to it for this long. */
const SETTLED_AFTER_MS = 100;

/** Watching begins a little after the start, which it would only slow down. */
const BEGIN_AFTER_MS = 300;

/** How often to look for what chokidar does not tell. */
const LOOK_EVERY_MS = 500;

/**
 * Tells of changes to a few files, once they are over.
 *
 * chokidar tells at once of a file that is there. For one that is not it would list the folder at each line that a
 * dyno writes into a log in it, which takes a whole core; and it may miss that a deleted file comes back, or that a
 * link leads elsewhere. So that is looked for now and then.
 * chokidar is imported only when it is needed.
 */
export class FileWatch {
  readonly #paths: readonly string[];
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #isOver = false;
  /** The files when chokidar was last given them, and when they were last told of. */
  #watched: string | undefined;
  #told: string | undefined;
  #cancelLook: () => void;
  #cancelTelling = (): void => {};

  constructor(paths: readonly string[], clock: Clock, onChange: () => void) {
    this.#paths = paths;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#cancelLook = clock.after(BEGIN_AFTER_MS, () => void this.#look());
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#cancelLook();
    this.#cancelTelling();
    await this.#watcher?.close();
  }

  async #look(): Promise<void> {
    const state = this.#state();
    if (state !== this.#watched) {
      this.#watched = state;
      await this.#watch();
    }
    if (!this.#isOver) this.#cancelLook = this.#clock.after(LOOK_EVERY_MS, () => void this.#look());
  }

  async #watch(): Promise<void> {
    const { watch } = await import('chokidar');
    await this.#watcher?.close();
    if (this.#isOver) return;
    const files = this.#paths.flatMap((path) => lookAt(path).file ?? []);
    // An error, as when the system lets nobody watch more files, leaves it to the looking.
    this.#watcher = watch(files)
      .on('all', () => this.#tellSoon())
      .on('error', () => {});
    // What has changed before may have been missed.
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#cancelTelling();
    this.#cancelTelling = this.#clock.after(SETTLED_AFTER_MS, () => {
      const state = this.#state();
      if (state === this.#told) return;
      this.#told = state;
      this.#onChange();
    });
  }

  #state(): string {
    return this.#paths.map((path) => lookAt(path).state).join();
  }
}

interface Look {
  /** Another one after every change. */
  readonly state: string;
  /** Where the file really is, if it is one: given a link, chokidar would watch the folder that it is in. */
  readonly file?: string;
}

function lookAt(path: string): Look {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { state: 'no file' };
    const state = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
    return { state, file: realpathSync(path) };
  } catch (error) {
    return { state: errorCode(error) ?? errorMessage(error) };
  }
}
