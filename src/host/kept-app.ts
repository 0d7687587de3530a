import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { App } from '../apps/app.js';
import type { AppKeeper } from '../apps/keeper.js';
import type { ArchiveRequest } from '../apps/requests.js';
import type { BuildpackView, BuildView, DomainView, SlugView } from '../apps/views.js';
import { UserError } from '../base/errors.js';
import type { Turns } from '../base/turns.js';
import { quote } from '../base/wording.js';
import { findBuildpack } from '../build/choose.js';
import type { Target } from './deploys/deploy.js';
import type { Deploys } from './deploys/deploys.js';
import type { StoredApp } from './store/stored-app.js';

export interface KeptAppOptions {
  readonly deploys: Deploys;
  readonly cacheDir: string;
  /** Where an app answers by its name. */
  urlOf(name: string): string;
  /** Wall-clock ms. */
  now(): number;
  /** Of all apps: changes of names are made one at a time. */
  readonly turns: Turns;
  /** Whether an app already has a domain. */
  isTaken(hostname: string): boolean;
}

/** A host's services for an app that it keeps. */
export class KeptApp implements AppKeeper {
  readonly stored: StoredApp;
  readonly #app: App;
  readonly #options: KeptAppOptions;

  constructor(app: App, stored: StoredApp, options: KeptAppOptions) {
    this.#app = app;
    this.stored = stored;
    this.#options = options;
  }

  get target(): Target {
    const { urlOf, cacheDir } = this.#options;
    const { stored } = this;
    const url = `${urlOf(this.#app.name)}/`;
    return { app: this.#app, stored, builds: stored.builds, url, cacheDir };
  }

  save(): Promise<void> {
    const { dynos, isInMaintenance, features, drains } = this.#app;
    return this.stored.update({
      formation: Object.fromEntries(dynos.formation),
      maintenance: isInMaintenance,
      features: features.enabled,
      drains: drains.list().map(({ createdAt, ...drain }) => ({
        ...drain,
        created_at: new Date(createdAt).toISOString(),
      })),
    });
  }

  slug(id: string): SlugView | undefined {
    const record = this.stored.slugs.find(id);
    if (!record) return undefined;
    const { commit, created_at, processes, bytes, language } = record;
    return {
      id,
      createdAt: Date.parse(created_at),
      processes: Object.fromEntries(processes.map(({ type, command }) => [type, command])),
      bytes,
      ...(commit !== null && { commit }),
      ...(language !== '' && { language }),
    };
  }

  async repoBytes(): Promise<number> {
    if (!existsSync(this.stored.repository)) return 0;
    return (await this.#options.deploys.repositoryOf(this.#app.name))?.bytes() ?? 0;
  }

  deploy(dir: string): Promise<BuildView> {
    return this.#options.deploys.deployFolder(this.#app.name, dir);
  }

  deployArchive(archive: ArchiveRequest): Promise<BuildView> {
    return this.#options.deploys.deployArchive(this.#app.name, archive);
  }

  purgeBuildCache(): void {
    this.#options.deploys.purgeCache(this.#app.name);
  }

  builds(): readonly BuildView[] {
    return this.stored.builds.list();
  }

  buildOutput(id: string, signal: AbortSignal): AsyncIterable<string> {
    return this.stored.builds.get(id).output.read(signal);
  }

  cancelBuild(id: string): void {
    this.stored.builds.cancel(id);
  }

  buildpacks(): readonly BuildpackView[] {
    return this.stored.record.buildpacks;
  }

  async setBuildpacks(settings: readonly string[]): Promise<void> {
    const buildpacks = settings.map(findBuildpack).map(({ name, url }) => ({ name, url }));
    await this.stored.update({ buildpacks });
  }

  domains(): readonly DomainView[] {
    const { id, name, createdAt } = this.#app;
    const own = this.stored.record.domains.map(({ created_at, ...domain }) => ({
      ...domain,
      kind: 'custom' as const,
      createdAt: Date.parse(created_at),
    }));
    return [{ id, hostname: `${name}.localhost`, kind: 'heroku', createdAt }, ...own];
  }

  async addDomain(given: string): Promise<DomainView> {
    const hostname = given.toLowerCase();
    if (!/^(?!.*\.localhost$)(?:\*|[a-z0-9-]+)(?:\.[a-z0-9-]+)+$/.test(hostname))
      throw new UserError('BAD_DOMAIN', `${quote(given)} is not a domain such as www.example.com`);
    const { isTaken, now, turns } = this.#options;
    return turns.take(async () => {
      // The wording of Heroku's API.
      if (isTaken(hostname))
        throw new UserError('DOMAIN_TAKEN', `${hostname} is currently in use by another app.`);
      const domain = { id: randomUUID(), hostname, created_at: new Date(now()).toISOString() };
      await this.stored.update(({ domains }) => ({ domains: [...domains, domain] }));
      return this.#domain(hostname);
    });
  }

  async removeDomain(hostname: string): Promise<DomainView> {
    const domain = this.#domain(hostname);
    await this.stored.update(({ domains }) => ({ domains: domains.filter(({ id }) => id !== domain.id) }));
    return domain;
  }

  /** @throws UserError `NO_SUCH_DOMAIN` */
  #domain(hostname: string): DomainView {
    const found = this.domains().find((domain) => domain.kind === 'custom' && domain.hostname === hostname);
    if (found) return found;
    throw new UserError('NO_SUCH_DOMAIN', "Couldn't find that domain name.");
  }
}
