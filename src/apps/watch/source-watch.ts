import { existsSync, type Stats } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Time } from '../../base/clock.js';
import { errorMessage } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';
import type { App } from '../app.js';
import { ChangedFiles } from './changed-files.js';
import { OwnWrites } from './own-writes.js';
import { RecentRequests } from './recent-requests.js';
import { type LeftOut, RestartLoops } from './restart-loops.js';
import { posix, SourceFilter } from './source-filter.js';
import { WatchRules } from './watch-rules.js';
import { WatchedRestarts } from './watched-restarts.js';
import { Watcher } from './watcher.js';

export interface WatchOptions {
  /** Rules of `--watch-only` for the only files to watch; empty: all files that git does not ignore. */
  readonly only: readonly string[];
  readonly time: Pick<Time, 'real' | 'wall'>;
  /** Lists the files that dynos have open for writing: absolute paths. */
  writtenFiles(): readonly string[];
}

/** Restarts an app's dynos when its sources change. Web dynos serve requests until their new runs listen. */
export class SourceWatch {
  readonly #app: App;
  readonly #time: WatchOptions['time'];
  readonly #loops = new RestartLoops();
  readonly #changed = new ChangedFiles();
  readonly #own: OwnWrites;
  readonly #rules: WatchRules;
  readonly #restarts: WatchedRestarts;
  readonly #watcher: Watcher;
  /** Folders with files that the app writes: the log names one file in each. */
  readonly #named = new Set<string>();

  constructor(app: App, { only, time, writtenFiles }: WatchOptions) {
    const { dir, files } = app;
    this.#app = app;
    this.#time = time;
    this.#rules = new WatchRules(only);
    this.#restarts = new WatchedRestarts(app, time.real);
    const requests = new RecentRequests(time.wall);
    app.requests.observe(() => requests.started());
    this.#own = new OwnWrites({ dir, requests, clock: time.real, wall: time.wall, writtenFiles });
    // A link and its target are one file.
    const except = (files?.paths ?? []).flatMap((path) => [path, realFolder(path)]);
    const filter = new SourceFilter({ dir, only, except });
    this.#watcher = new Watcher({
      clock: time.real,
      paths: [dir],
      chokidar: {
        followSymlinks: false,
        // chokidar calls this twice for each path, the first time before it knows whether the path is a folder.
        ignored: (path, stats) =>
          stats !== undefined && (isSpecial(stats) || filter.leavesOut(path, stats.isDirectory())),
      },
      onEvent: (event, path) => this.#note(event, relative(dir, path)),
      onHint: (path) => {
        if (!filter.leavesOut(path, false)) this.#own.onHint(relative(dir, path));
        return false;
      },
      onReady: () => app.remark('watching: dynos restart when sources change'),
      onError: (error) => app.remark(`some files cannot be watched: ${errorMessage(error)}`),
      onSettled: () => this.#judge(),
    });
  }

  close(): Promise<void> {
    this.#restarts.close();
    return this.#watcher.close();
  }

  #note(event: string, file: string): boolean {
    if (event === 'addDir' || event === 'unlinkDir') return false;
    this.#changed.note(event, file);
    return true;
  }

  #judge(): void {
    const { dir } = this.#app;
    this.#own.query();
    const changes = this.#changed
      .take((file) => existsSync(join(dir, file)))
      .map((file) => ({ file, writer: this.#own.writerOf(file) }));
    const by = (wanted: string): readonly string[] =>
      changes.flatMap(({ file, writer }) => (writer === wanted ? [file] : []));
    for (const file of by('request')) this.#nameOnce(file);
    const asked = by('perhaps request');
    const verdict = this.#loops.judge([...asked, ...by('other')], new Set(asked), this.#time.real.now());
    for (const leftOut of verdict.leftOut) this.#app.remark(describeLoop(leftOut));
    if (verdict.restart.length > 0) this.#restart(verdict.restart);
  }

  #restart(files: readonly string[]): void {
    this.#loops.onRestart(this.#time.real.now());
    const types = this.#rules.typesFor(files.map(posix));
    void this.#restarts.restart(files, types).then(() => this.#loops.onUp(this.#time.real.now()));
  }

  #nameOnce(file: string): void {
    const folder = dirname(file);
    if (this.#named.has(folder)) return;
    this.#named.add(folder);
    this.#app.remark(
      `${file} changed during a request, so dynosim took it for the app's own write and did not restart. If you edited it, save it again`,
    );
  }
}

/** A named pipe, a socket: programs make these, and people do not edit them. */
function isSpecial(stats: Stats): boolean {
  return !stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink();
}

function describeLoop({ files, at }: LeftOut): string {
  if (at === 'timer')
    return `${files} changes at the same time after each restart, so it no longer restarts the dynos. Add it to .gitignore; if you edited it, restart dynosim`;
  const [what, when] =
    at === 'start'
      ? ['the dynos start', 'when they are up']
      : ['the app handles a request', 'when there are no requests'];
  return `${files} changes each time ${what}, so it no longer restarts them. If you edited it, save it again ${when}; otherwise add it to .gitignore`;
}
