import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import type { Clock } from '../../base/clock.js';
import type { RecentRequests } from './recent-requests.js';

/** Files that people write. Programs seldom change them, and users expect a restart when they change. */
const CODE = new Set(
  (
    'js mjs cjs jsx ts mts cts tsx vue svelte astro py rb erb haml slim php twig go rs java kt scala clj ex exs eex ' +
    'heex pl pm lua sh html htm ejs hbs pug njk liquid css scss sass less graphql sql toml yaml yml ini cfg conf'
  )
    .split(' ')
    .map((ending) => `.${ending}`),
);

/** https://www.sqlite.org/fileformat.html#magic_header_string */
const SQLITE = Buffer.from('SQLite format 3\0');

/** The shortest interval between queries of open files, which take milliseconds. */
const QUERY_EVERY_MS = 50;

/** How long after its removal a file is examined. */
const NOTICED_AFTER_MS = 200;

export type Writer =
  /** A dyno has or had the file open, or it is a database. */
  | 'app'
  /** The file changed during a request, and people hardly ever write such a file. */
  | 'request'
  /** The file changed during a request, but looks like code. */
  | 'perhaps request'
  /** A person, or a program that is not a dyno. */
  | 'other';

export interface OwnWritesOptions {
  readonly dir: string;
  readonly requests: Pick<RecentRequests, 'wereUnderWay'>;
  readonly clock: Clock;
  readonly wall: () => number;
  /** Lists the files that dynos have open for writing: absolute paths. */
  writtenFiles(): readonly string[];
}

/** Finds out which changes the app made itself. Files are relative to the app's folder. */
export class OwnWrites {
  readonly #options: OwnWritesOptions;
  readonly #seenOpen = new Set<string>();
  #queriedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OwnWritesOptions) {
    this.#options = options;
  }

  /** Checks at once whether a dyno has the file open: most files are open only for a moment. */
  onHint(file: string): void {
    if (this.#seenOpen.has(file) || this.#options.clock.now() - this.#queriedAt < QUERY_EVERY_MS) return;
    this.query();
  }

  /** Records the files that dynos have open for writing. */
  query(): void {
    const { dir, clock, writtenFiles } = this.#options;
    this.#queriedAt = clock.now();
    for (const path of writtenFiles()) this.#seenOpen.add(relative(dir, path));
  }

  writerOf(file: string): Writer {
    const { dir, requests, wall } = this.#options;
    const path = join(dir, file);
    if (this.#seenOpen.has(file) || isDatabase(path)) return 'app';
    const changedAt = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? wall() - NOTICED_AFTER_MS;
    if (!requests.wereUnderWay(changedAt)) return 'other';
    return CODE.has(extname(file)) ? 'perhaps request' : 'request';
  }
}

function isDatabase(path: string): boolean {
  try {
    // A link may lead to a named pipe, which must not be waited for.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const begin = Buffer.alloc(SQLITE.length);
      readSync(descriptor, begin, 0, begin.length, 0);
      return begin.equals(SQLITE);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
