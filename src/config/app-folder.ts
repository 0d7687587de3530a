import { appBinDirs, type BinDirs } from './dyno-env.js';
import { type Language, languagesOf } from './languages.js';

/** What the environment of an app's dynos depends on in the app's folder. */
export interface AppFolder {
  readonly languages: ReadonlySet<Language>;
  readonly binDirs: BinDirs;
}

/** Reads an app's folder once for all dynos that start at the same moment: there may be a hundred. */
export class AppFolderReader {
  #last: { readonly dir: string; readonly folder: AppFolder } | undefined;

  /** The folder as it is, or as it was at an earlier call by the same synchronous code. */
  read(dir: string): AppFolder {
    if (this.#last?.dir === dir) return this.#last.folder;
    const folder = { languages: languagesOf(dir), binDirs: appBinDirs(dir) };
    this.#last = { dir, folder };
    queueMicrotask(() => {
      this.#last = undefined;
    });
    return folder;
  }
}
