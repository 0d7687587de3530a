import { promises, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AppPast } from '../../apps/app.js';
import { FEATURES } from '../../apps/features.js';
import type { PastRelease, ReleaseJournal } from '../../apps/releases.js';
import type { Slug } from '../../apps/slug.js';
import { makeFolder, removeDrafts, syncFolder } from '../../base/atomic-file.js';
import { UserError } from '../../base/errors.js';
import { readRecord, unusable, writeRecord } from '../../base/record-file.js';
import { Transcript } from '../../base/transcript.js';
import { Turns } from '../../base/turns.js';
import type { Formation } from '../../procfile/formation.js';
import { BuildStore } from './build-store.js';
import { APP_RECORD, type AppRecord, RELEASE_RECORD, type ReleaseRecord } from './records.js';
import { SlugStore } from './slug-store.js';
import { addonsOf, type ConfigStore, fromConfig, toConfig } from './store-layer.js';

/** An app's folder in a host's state. */
export class StoredApp implements ConfigStore, ReleaseJournal {
  readonly folder: string;
  readonly slugs: SlugStore;
  readonly builds: BuildStore;
  #record: AppRecord;
  readonly #turns = new Turns();

  private constructor(folder: string, record: AppRecord, wall: () => number) {
    this.folder = folder;
    this.#record = record;
    this.slugs = new SlugStore(join(folder, 'slugs'));
    this.builds = new BuildStore(join(folder, 'builds'), wall);
  }

  /**
   * Creates the folder of a new app.
   * @throws UserError `STATE_UNUSABLE`
   */
  static async create(folder: string, record: AppRecord, wall: () => number): Promise<StoredApp> {
    try {
      for (const name of ['releases', 'slugs', 'run']) makeFolder(join(folder, name));
    } catch (error) {
      throw unusable(folder, error);
    }
    try {
      await writeRecord(join(folder, 'app.json'), record);
      await syncFolder(join(folder, '..'));
      return new StoredApp(folder, record, wall);
    } catch (error) {
      await promises.rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Reads an app's folder, and removes incomplete parts, which have no record because dynosim was killed.
   * @returns undefined if the app itself has no record
   * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`
   */
  static load(folder: string, wall: () => number): StoredApp | undefined {
    const record = readRecord(join(folder, 'app.json'), APP_RECORD);
    if (!record) {
      rmSync(folder, { recursive: true, force: true });
      return undefined;
    }
    const app = new StoredApp(folder, record, wall);
    app.slugs.sweep();
    for (const place of [folder, join(folder, 'releases'), join(folder, 'builds')]) removeDrafts(place);
    rmSync(app.runFolder, { recursive: true, force: true });
    return app;
  }

  get record(): AppRecord {
    return this.#record;
  }

  get repository(): string {
    return join(this.folder, 'repo.git');
  }

  /** For files that dynos write. */
  get runFolder(): string {
    return join(this.folder, 'run');
  }

  get formation(): Formation {
    return new Map(Object.entries(this.#record.formation));
  }

  /**
   * Changes the app's record. Resolves when the change is on disk.
   * @param changes a function if they depend on what the record is by then: other changes may come first
   * @throws UserError `STATE_UNUSABLE`, without any change
   */
  update(changes: Partial<AppRecord> | ((record: AppRecord) => Partial<AppRecord>)): Promise<void> {
    return this.#turns.take(async () => {
      const changed = typeof changes === 'function' ? changes(this.#record) : changes;
      const next = { ...this.#record, ...changed };
      await writeRecord(join(this.folder, 'app.json'), next);
      this.#record = next;
    });
  }

  saveFormation(formation: Formation): Promise<void> {
    return this.update({ formation: Object.fromEntries(formation) });
  }

  get config(): Readonly<Record<string, string>> {
    return this.#record.config;
  }

  saveConfig(config: Readonly<Record<string, string>>): Promise<void> {
    return this.update({ config });
  }

  async save({ release, status, output }: PastRelease): Promise<void> {
    const record: ReleaseRecord = {
      id: release.id,
      version: release.version,
      description: release.description,
      created_at: new Date(release.createdAt).toISOString(),
      status,
      slug: release.slug.id ?? null,
      config: fromConfig(release.config),
      output: output?.text ?? null,
      addons: addonsOf(release.config),
      addon_plans: release.addonPlans,
      ...(release.by !== undefined && { by: release.by }),
    };
    await writeRecord(join(this.folder, 'releases', `${release.version}.json`), record);
  }

  hasSlug({ id }: Slug): boolean {
    return id !== undefined && this.slugs.find(id)?.removed === false;
  }

  /** The app's state at the end of the last host. */
  past(): AppPast {
    const { id, created_at, maintenance, features } = this.#record;
    return {
      id,
      createdAt: Date.parse(created_at),
      releases: this.#releases(),
      isInMaintenance: maintenance,
      features: FEATURES.map(({ name }) => name).filter((name) => features.includes(name)),
    };
  }

  /** The slug of an app without code. */
  get blank(): Slug {
    return { dir: this.folder, processes: new Map(), isBlank: true };
  }

  async remove(): Promise<void> {
    await this.#turns.take(async () => {
      // Without its record, the app no longer exists, even if the next steps fail.
      await promises.rm(join(this.folder, 'app.json'), { force: true });
      await syncFolder(this.folder);
      await promises.rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    });
  }

  #releases(): readonly PastRelease[] {
    const folder = join(this.folder, 'releases');
    const versions = readdirSync(folder).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []);
    const records = versions.map((version) => {
      const record = readRecord(join(folder, `${version}.json`), RELEASE_RECORD);
      if (!record) throw new UserError('STATE_DAMAGED', `${join(folder, version)}.json is gone`);
      return record;
    });
    return records.sort((a, b) => a.version - b.version).map((record) => this.#toPast(record));
  }

  #toPast({
    status,
    slug,
    config,
    addons,
    addon_plans = [],
    output,
    created_at,
    ...record
  }: ReleaseRecord): PastRelease {
    const createdAt = Date.parse(created_at);
    return {
      release: {
        ...record,
        createdAt,
        slug: slug === null ? this.blank : this.slugs.get(slug),
        config: toConfig(config, addons),
        addonPlans: addon_plans,
      },
      // The host was killed during the release.
      status: status === 'pending' ? 'failed' : status,
      ...(output !== null && { output: Transcript.of(output) }),
    };
  }
}
