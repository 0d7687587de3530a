import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../../base/clock.js';
import { errorMessage } from '../../base/errors.js';
import type { App } from '../app.js';
import { ChangedFiles } from './changed-files.js';
import { RestartLoops } from './restart-loops.js';
import { SourceFilter } from './source-filter.js';

/** Editors and generators write several files in a row; the dynos restart once nothing has changed for so long. */
const SETTLED_AFTER_MS = 100;

/** So many files are named in the log. */
const NAMED = 3;

export interface WatchOptions {
  /** Patterns as in .gitignore of the only files to watch; empty: all that git would not ignore. */
  readonly only: readonly string[];
  readonly clock: Clock;
  /** What dynos have open for writing at the moment, such as logs and databases: absolute paths. */
  writtenFiles(): readonly string[];
}

/**
 * Restarts an app's dynos when its sources change; web dynos serve until their new runs listen. The result ends the
 * watch.
 */
export function watchSources(app: App, { only, clock, writtenFiles }: WatchOptions): () => Promise<void> {
  const filter = new SourceFilter({ dir: app.dir, only, except: app.release.source.paths });
  const loops = new RestartLoops();
  const changed = new ChangedFiles();
  let watcher: FSWatcher | undefined;
  let isOver = false;
  let cancel = (): void => {};

  const onChange = (event: string, path: string): void => {
    changed.note(event, relative(app.dir, path));
    cancel();
    cancel = clock.after(SETTLED_AFTER_MS, restart);
  };
  const restart = (): void => {
    const written = new Set(writtenFiles().map((path) => relative(app.dir, path)));
    const files = changed
      .take((file) => existsSync(join(app.dir, file)))
      .filter((file) => !written.has(file));
    const verdict = loops.judge(files, clock.now());
    for (const file of verdict.leftOut)
      app.remark(
        `${file} changes each time the dynos start: that restarts nothing any more. If it was you, save it once more when they are up; if not, name it in .gitignore`,
      );
    if (verdict.restart.length === 0) return;
    app.remark(`${nameFiles(verdict.restart)} changed: restarting`);
    loops.onRestart();
    app.dynos.replace();
    void app.dynos.settled().then(() => loops.onUp(clock.now()));
  };
  const begin = async (): Promise<void> => {
    const { watch } = await import('chokidar');
    if (isOver) return;
    watcher = watch(app.dir, {
      ignoreInitial: true,
      followSymlinks: false,
      // Asked twice of each path, the first time without knowing what it is.
      ignored: (path, stats) => stats !== undefined && filter.leavesOut(path, stats.isDirectory()),
    });
    watcher.on('error', (error) => app.remark(`not everything can be watched: ${errorMessage(error)}`));
    watcher.on('ready', () => app.remark('watching: a change of the sources restarts the dynos'));
    watcher.on('all', (event, path) => {
      if (event !== 'addDir' && event !== 'unlinkDir') onChange(event, path);
    });
  };
  void begin();
  return async () => {
    isOver = true;
    cancel();
    await watcher?.close();
  };
}

/** `a.js, b.js, c.js and 4 more` */
function nameFiles(files: readonly string[]): string {
  const more = files.length - NAMED;
  return files.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
