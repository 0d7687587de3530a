import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { USER } from '../../apps/app-log.js';
import type { BuildpackView, BuildView } from '../../apps/views.js';
import { makeFolder, saveFile } from '../../base/atomic-file.js';
import { UserError } from '../../base/errors.js';
import { readRecord, unusable, writeRecord } from '../../base/record-file.js';
import { Transcript } from '../../base/transcript.js';
import { BUILD_RECORD } from './records.js';

/** Older builds are removed. */
const MOST_BUILDS = 50;

/** A build, running or ended. */
export interface Build {
  readonly view: BuildView;
  readonly output: Transcript;
  /** Ends it; has no effect once it has ended. */
  readonly cancel: AbortController;
}

/** The outcome of a build. */
export interface BuildEnd {
  readonly status: 'succeeded' | 'failed';
  readonly buildpacks?: readonly BuildpackView[];
  readonly release?: number;
}

/** The builds of an app: `builds/ID.json`, with their output in `builds/ID.log`. */
export class BuildStore {
  readonly #folder: string;
  readonly #wall: () => number;
  /** By id, oldest first. */
  readonly #builds = new Map<string, Build>();

  /** @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW` */
  constructor(folder: string, wall: () => number) {
    this.#folder = folder;
    this.#wall = wall;
    makeFolder(folder);
    const ids = readdirSync(folder).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
    const views = ids.map((id) => this.#read(id)).sort((a, b) => a.createdAt - b.createdAt);
    for (const view of views)
      this.#builds.set(view.id, { view, output: this.#readOutput(view), cancel: new AbortController() });
  }

  /** Oldest first. */
  list(): readonly BuildView[] {
    return [...this.#builds.values()].map(({ view }) => view);
  }

  /** @throws UserError `NO_SUCH_BUILD` */
  get(id: string): Build {
    const found = this.#builds.get(id);
    if (found) return found;
    throw new UserError('NO_SUCH_BUILD', `There is no build ${id}`, 'See them all: dynosim builds');
  }

  /** Begins a build. */
  async begin(sourceVersion: string): Promise<Build> {
    const now = Math.floor(this.#wall());
    const view: BuildView = {
      id: randomUUID(),
      status: 'pending',
      sourceVersion,
      createdAt: now,
      updatedAt: now,
      user: USER,
      buildpacks: [],
    };
    await this.#save(view);
    const build = { view, output: new Transcript(), cancel: new AbortController() };
    this.#builds.set(view.id, build);
    this.#forgetOldest();
    return build;
  }

  async end({ view, output, cancel }: Build, end: BuildEnd): Promise<BuildView> {
    const ended = { ...view, ...end, updatedAt: Math.floor(this.#wall()) };
    output.end();
    this.#builds.set(view.id, { view: ended, output, cancel });
    await this.#writeOutput(view.id, output.text);
    await this.#save(ended);
    return ended;
  }

  /**
   * Ends a build that runs.
   * @throws UserError `NO_SUCH_BUILD`, `BUILD_ENDED`
   */
  cancel(id: string): void {
    const { view, cancel } = this.get(id);
    if (view.status !== 'pending') throw new UserError('BUILD_ENDED', `Build ${id} has ended`);
    cancel.abort();
  }

  cancelAll(): void {
    for (const { cancel } of this.#builds.values()) cancel.abort();
  }

  #save(view: BuildView): Promise<void> {
    const { createdAt, updatedAt, sourceVersion, release = null, ...record } = view;
    return writeRecord(join(this.#folder, `${view.id}.json`), {
      ...record,
      source_version: sourceVersion,
      created_at: new Date(createdAt).toISOString(),
      updated_at: new Date(updatedAt).toISOString(),
      release,
    });
  }

  async #writeOutput(id: string, text: string): Promise<void> {
    const file = join(this.#folder, `${id}.log`);
    try {
      await saveFile(file, text);
    } catch (error) {
      throw unusable(file, error);
    }
  }

  #read(id: string): BuildView {
    const file = join(this.#folder, `${id}.json`);
    const record = readRecord(file, BUILD_RECORD);
    if (!record) throw new UserError('STATE_DAMAGED', `${file} is gone`);
    const { source_version: sourceVersion, created_at, updated_at, release, ...view } = record;
    return {
      ...view,
      // The host was killed during the build.
      status: view.status === 'pending' ? 'failed' : view.status,
      sourceVersion,
      createdAt: Date.parse(created_at),
      updatedAt: Date.parse(updated_at),
      ...(release !== null && { release }),
    };
  }

  #readOutput({ id }: BuildView): Transcript {
    try {
      return Transcript.of(readFileSync(join(this.#folder, `${id}.log`), 'utf8'));
    } catch {
      return Transcript.of(' !     The host was stopped in the middle of this build.\n');
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#builds.keys();
    if (this.#builds.size <= MOST_BUILDS || oldest === undefined) return;
    this.#builds.delete(oldest);
    for (const name of [`${oldest}.json`, `${oldest}.log`]) rmSync(join(this.#folder, name), { force: true });
  }
}
