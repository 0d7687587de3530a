import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import type { Clock } from '../../base/clock.js';
import type { RecentRequests } from './recent-requests.js';

/** Files that people write: a program seldom changes them, and a restart is expected when they change. */
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

/** To ask the system takes milliseconds: not more often than this, ms. */
const ASK_EVERY_MS = 50;

/** chokidar reports a removed file, and a change is over, so long after it has happened, ms. */
const NOTICED_AFTER_MS = 200;

export type Writer =
  /** A dyno has it open or had, or it is a database. */
  | 'app'
  /** It changed while a request was under way, and people hardly ever write such a file. */
  | 'request'
  /** It changed while a request was under way, but looks like code. */
  | 'perhaps request'
  /** A person, or a program that is not a dyno. */
  | 'other';

export interface OwnWritesOptions {
  /** The app's folder. */
  readonly dir: string;
  readonly requests: Pick<RecentRequests, 'wereUnderWay'>;
  readonly clock: Clock;
  readonly wall: () => number;
  /** Lists the files that dynos have open for writing at the moment: absolute paths. */
  writtenFiles(): readonly string[];
}

/** Tells which changes are the app's own. Files are named relative to its folder. */
export class OwnWrites {
  readonly #options: OwnWritesOptions;
  readonly #seenOpen = new Set<string>();
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OwnWritesOptions) {
    this.#options = options;
  }

  /** Remembers who has a file open that something happens to: most are open for a moment only. */
  onHint(file: string): void {
    if (this.#seenOpen.has(file) || this.#options.clock.now() - this.#askedAt < ASK_EVERY_MS) return;
    this.ask();
  }

  /** Remembers what dynos have open for writing now. */
  ask(): void {
    const { dir, clock, writtenFiles } = this.#options;
    this.#askedAt = clock.now();
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
    const descriptor = openSync(path, 'r');
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
