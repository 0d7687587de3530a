import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveRequest } from '../../apps/requests.js';
import type { BuildView } from '../../apps/views.js';
import { pause } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { BuildQueue, type WaitReason, waitingLine } from '../../git/build-queue.js';
import { checkOut } from '../../git/check-out.js';
import { Git } from '../../git/git.js';
import type { GitHost, Push } from '../../git/host.js';
import { Repository } from '../../git/repository.js';
import { GitServer } from '../../git/server.js';
import { takeSnapshot } from '../../git/snapshot.js';
import type { Build } from '../store/build-store.js';
import type { StoredApp } from '../store/stored-app.js';
import { archiveSource } from './archive.js';
import { type DeployWorld, deploy, orRemark, reject, type Source, type Target } from './deploy.js';
import { Sources } from './sources.js';

/** How long git may take to tell clients how their pushes ended. */
const LAST_WORDS_MS = 1000;

export interface DeploysOptions {
  readonly world: DeployWorld;
  /** Of the host: for the hook that git runs. */
  readonly state: string;
  /** Resolves when all apps can be found. */
  readonly loaded: Promise<void>;
  /** @returns undefined if there is no such app */
  find(app: string): Target | undefined;
  /** Called with errors that no deploy should throw. */
  onBug(error: unknown): void;
}

/** Takes code for the apps of a host: from git, from a folder, or as an archive. */
export class Deploys implements GitHost {
  /** All builds of the host wait here, pushes with them. */
  readonly queue = new BuildQueue();
  readonly server: GitServer;
  /** Archives that are to be built. */
  readonly sources: Sources;
  readonly #options: DeploysOptions;
  readonly #repositories = new Map<string, Promise<Repository>>();
  /** With the app whose build it is, if it is one. */
  readonly #running = new Map<Promise<unknown>, StoredApp | undefined>();
  #git: Git | undefined;

  constructor(options: DeploysOptions) {
    this.#options = options;
    const { onBug, world } = options;
    this.sources = new Sources({ folder: join(options.state, 'sources'), clock: world.clock });
    this.server = new GitServer({ host: this, queue: this.queue, clock: world.clock, onBug });
  }

  async repositoryOf(app: string): Promise<Repository | undefined> {
    await this.#options.loaded;
    const target = this.#options.find(app);
    return target && this.#open(target.stored.repository);
  }

  /** Within the hook of a push, whose turn it is. */
  async receive({ app, repository, commit, incoming, output }: Push): Promise<boolean> {
    const target = this.#target(app);
    const source: Source = {
      version: commit,
      commit,
      put: (dir) => checkOut(repository, commit, dir, incoming),
    };
    const build = await target.builds.begin(commit);
    const showing = show(build, output);
    const isReleased = await this.#build(source, target, build);
    await showing;
    return isReleased;
  }

  /**
   * Builds a folder as it is, once its turn has come.
   * @returns the build, which goes on
   * @throws UserError `NO_SUCH_APP`, `NO_FOLDER`
   */
  async deployFolder(app: string, dir: string): Promise<BuildView> {
    const target = this.#target(app);
    const repository = await this.#open(target.stored.repository);
    const snapshot = await takeSnapshot(repository, dir, join(target.stored.runFolder, randomUUID()));
    const source: Source = {
      version: snapshot.tree,
      put: (slug) => checkOut(repository, snapshot.tree, slug, snapshot.incoming),
    };
    return this.#start(target, source, snapshot.remove);
  }

  /**
   * Builds an archive, once its turn has come.
   * @returns the build, which goes on
   * @throws UserError `NO_SUCH_APP`, `BAD_URL`, `NO_SUCH_SOURCE`, `NO_SUCH_BUILDPACK`
   */
  async deployArchive(app: string, archive: ArchiveRequest): Promise<BuildView> {
    const { sources } = this;
    const { shell, clock } = this.#options.world;
    const source = await archiveSource(archive, { sources, path: shell.PATH ?? '', clock });
    return this.#start(this.#target(app), source);
  }

  /** Removes what builds have kept for later ones, as soon as no build of the app runs. */
  purgeCache(app: string): void {
    const { app: owner, stored, cacheDir } = this.#target(app);
    const remove = () =>
      orRemark(owner, () => promises.rm(cacheDir, { recursive: true, force: true, maxRetries: 3 }));
    this.#inBackground(this.queue.run(stored.repository, remove));
  }

  /** @param clean called when the build has ended */
  async #start(target: Target, source: Source, clean = async () => {}): Promise<BuildView> {
    const build = await target.builds.begin(source.version).catch(async (error: unknown) => {
      await clean();
      throw error;
    });
    const work = () => this.#build(source, target, build);
    const onWait = (reason: WaitReason): void => build.output.add(waitingLine(target.app.name, reason));
    const building = async (): Promise<void> => {
      try {
        await this.queue.run(target.stored.repository, work, onWait);
      } catch (error) {
        // Its turn never came.
        if (!(error instanceof UserError)) throw error;
        await reject(error, target, build);
      } finally {
        await orRemark(target.app, clean);
      }
    };
    this.#inBackground(building());
    return build.view;
  }

  /** Runs a build whose turn has come. */
  async #build(source: Source, target: Target, build: Build): Promise<boolean> {
    const { app, stored } = target;
    if (this.#target(app.name).stored !== stored) throw noSuchApp(app.name);
    return this.#track(deploy(source, { target, build, world: this.#options.world }), stored);
  }

  /** Forgets an app that is being destroyed. Resolves when no build of it runs; cancel them before. */
  async forget({ stored, cacheDir }: Target): Promise<void> {
    const builds = [...this.#running].filter(([, app]) => app === stored).map(([build]) => build);
    await Promise.allSettled(builds);
    this.#repositories.delete(stored.repository);
    await promises.rm(cacheDir, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Resolves when no build runs and no git. Cancel the builds before: their pushes get to know it. */
  async close(): Promise<void> {
    this.queue.close();
    await Promise.allSettled(this.#running.keys());
    await this.sources.close();
    await Promise.race([this.server.allEnded(), pause(this.#options.world.clock, LAST_WORDS_MS)]);
    await this.server.close();
  }

  #target(app: string): Target {
    const target = this.#options.find(app);
    if (target) return target;
    throw noSuchApp(app);
  }

  #open(path: string): Promise<Repository> {
    const { world, state } = this.#options;
    this.#git ??= new Git(world.shell.PATH ?? '', join(state, 'hooks'));
    const known = this.#repositories.get(path);
    if (known !== undefined) return known;
    const opening = Repository.open(path, this.#git, world.clock);
    this.#repositories.set(path, opening);
    // Not for good: git may be installed meanwhile.
    opening.catch(() => this.#repositories.delete(path));
    return opening;
  }

  /** Lets work go on that nobody waits for, until the host is closed. */
  #inBackground(work: Promise<unknown>): void {
    this.#track(work).catch((error: unknown) => {
      if (!(error instanceof UserError)) this.#options.onBug(error);
    });
  }

  #track<Result>(work: Promise<Result>, app?: StoredApp): Promise<Result> {
    this.#running.set(work, app);
    const forget = (): boolean => this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }
}

function noSuchApp(app: string): UserError {
  return new UserError('NO_SUCH_APP', `There is no app ${app}`);
}

/** Whoever pushes sees what the build prints. */
async function show({ output }: Build, print: (text: string) => void): Promise<void> {
  for await (const text of output.read()) print(text);
}
