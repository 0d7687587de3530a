import { promises, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Slug } from '../../apps/slug.js';
import { makeFolder } from '../../base/atomic-file.js';
import { UserError } from '../../base/errors.js';
import { readRecord, unusable, writeRecord } from '../../base/record-file.js';
import { SLUG_RECORD, type SlugRecord } from './records.js';

interface StoredSlug {
  readonly slug: Slug;
  readonly record: SlugRecord;
  /** `12`: the name of its folder and its record. */
  readonly name: string;
}

/** The slugs of an app: folders `slugs/N` with records `slugs/N.json`. */
export class SlugStore {
  readonly #folder: string;
  /** By ID. */
  readonly #slugs = new Map<string, StoredSlug>();
  #last = 0;

  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(folder);
    for (const name of readdirSync(folder)) this.#last = Math.max(this.#last, Number.parseInt(name, 10) || 0);
    for (const [, name = ''] of readdirSync(folder).map((file) => /^(\d+)\.json$/.exec(file) ?? [])) {
      const record = name === '' ? undefined : readRecord(join(folder, `${name}.json`), SLUG_RECORD);
      if (record) this.#add(name, record);
    }
  }

  /** Removes folders without a record, whose builds were interrupted. */
  sweep(): void {
    const kept = new Set(
      [...this.#slugs.values()].filter(({ record }) => !record.removed).map(({ name }) => name),
    );
    for (const name of readdirSync(this.#folder).filter((file) => !file.endsWith('.json')))
      if (!kept.has(name)) rmSync(join(this.#folder, name), { recursive: true, force: true });
  }

  /**
   * Creates the folder for the next slug. It is never moved, because many installed programs contain their path.
   * @throws UserError `STATE_UNUSABLE`
   */
  next(): string {
    this.#last += 1;
    const dir = join(this.#folder, String(this.#last));
    try {
      makeFolder(dir);
    } catch (error) {
      throw unusable(dir, error);
    }
    return dir;
  }

  /**
   * Records the result of a build in a folder from `next`. Resolves when the record is on disk.
   * @throws UserError `STATE_UNUSABLE`
   */
  async keep(dir: string, record: SlugRecord): Promise<Slug> {
    const name = dir.slice(this.#folder.length + 1);
    await writeRecord(join(this.#folder, `${name}.json`), record);
    return this.#add(name, record);
  }

  /** @throws UserError `STATE_DAMAGED` if it has no record */
  get(id: string): Slug {
    const found = this.#slugs.get(id);
    if (found) return found.slug;
    throw new UserError('STATE_DAMAGED', `${this.#folder} has no record of the slug ${id}`);
  }

  find(id: string): SlugRecord | undefined {
    return this.#slugs.get(id)?.record;
  }

  /** Removes the folders of all other slugs, but keeps their records. */
  async prune(keep: ReadonlySet<string>): Promise<void> {
    for (const { slug, record, name } of [...this.#slugs.values()]) {
      if (keep.has(record.id) || record.removed) continue;
      await this.keep(slug.dir, { ...record, removed: true });
      await promises.rm(join(this.#folder, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  #add(name: string, record: SlugRecord): Slug {
    const { id, processes, commit, bytes, language } = record;
    const slug = {
      id,
      dir: join(this.#folder, name),
      processes: new Map(processes.map((process) => [process.type, { ...process, line: 0 }])),
      bytes,
      ...(commit !== null && { commit }),
      ...(language !== '' && { language }),
    };
    this.#slugs.set(id, { slug, record, name });
    return slug;
  }
}
