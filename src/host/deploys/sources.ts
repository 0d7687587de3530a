import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SourceStore } from '../../api/heroku/sources.js';
import { makeFolder } from '../../base/atomic-file.js';
import type { Cancel, Clock } from '../../base/clock.js';
import { errorCode, errorMessage, UserError } from '../../base/errors.js';
import { CHECKOUT_BYTES } from '../../base/limits.js';
import { atMost } from './at-most.js';

/** https://devcenter.heroku.com/articles/build-and-release-using-the-api#sources-endpoint */
const KEPT_MS = 60 * 60_000;

export interface SourcesOptions {
  /** A folder of its own. */
  readonly folder: string;
  /** Real time. */
  readonly clock: Clock;
  /** Of an archive. */
  readonly maxBytes?: number;
}

/** Archives of source code that clients upload or name, as files. */
export class Sources implements SourceStore {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  /** What cancels the removal of each, by its ID. */
  readonly #kept = new Map<string, Cancel>();

  constructor({ folder, clock, maxBytes = CHECKOUT_BYTES }: SourcesOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** Removes what a host that was killed has left. */
  sweep(): Promise<void> {
    return promises.rm(this.#folder, { recursive: true, force: true });
  }

  create(): string {
    const id = randomUUID();
    const forget = (): void => {
      this.#kept.delete(id);
      promises.rm(this.#file(id), { force: true }).catch(() => {});
    };
    this.#kept.set(id, this.#clock.after(KEPT_MS, forget));
    return id;
  }

  async write(id: string, body: Readable): Promise<void> {
    this.#require(id);
    // Otherwise the connection would be gone before the client could read why its archive is refused.
    const draft = await this.save(body.iterator({ destroyOnReturn: false }));
    await promises.rename(draft, this.#file(id));
  }

  async read(id: string): Promise<Readable> {
    const file = await promises.open(await this.#written(id));
    return file.createReadStream();
  }

  /**
   * The file of an archive that was uploaded.
   * @returns undefined if the URL leads elsewhere
   * @throws UserError `NO_SUCH_SOURCE` if nothing was uploaded
   */
  async fileAt(url: URL): Promise<string | undefined> {
    const [, id = ''] = /^\/sources\/([^/]+)$/.exec(url.pathname) ?? [];
    return this.#kept.has(id) ? this.#written(id) : undefined;
  }

  /**
   * Saves an archive under a name of its own.
   * @returns its file, to be removed
   * @throws UserError `ARCHIVE_TOO_LARGE`, `UPLOAD_FAILED`
   */
  async save(body: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<string> {
    makeFolder(this.#folder);
    const file = this.#file(randomUUID());
    try {
      // Opened first: of a stream that fails while it opens its file, the file would be left.
      const opened = await promises.open(file, 'w', 0o600);
      await pipeline(body, atMost(this.#maxBytes), opened.createWriteStream(), { signal });
    } catch (error) {
      await promises.rm(file, { force: true });
      if (error instanceof UserError) throw error;
      throw new UserError('UPLOAD_FAILED', `The archive is not whole: ${errorMessage(error)}`);
    }
    return file;
  }

  async close(): Promise<void> {
    for (const cancel of this.#kept.values()) cancel();
    this.#kept.clear();
    await this.sweep();
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  #require(id: string): void {
    // In the form of Heroku's API: clients put their own words around it.
    if (!this.#kept.has(id)) throw new UserError('NO_SUCH_SOURCE', "Couldn't find that source.");
  }

  async #written(id: string): Promise<string> {
    this.#require(id);
    const file = this.#file(id);
    try {
      await promises.access(file);
      return file;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      throw new UserError('NO_SUCH_SOURCE', 'No archive was uploaded there yet');
    }
  }
}
