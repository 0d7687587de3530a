import type { BuildpackView, BuildView, DomainView } from './views.js';

/** What a host does for an app that it keeps: where its code comes from, and where it answers. */
export interface AppKeeper {
  /** Keeps how the app is now; resolves when that is safe on the disk. */
  save(): Promise<void>;
  /**
   * Builds a folder as it is, and releases it.
   * @param dir absolute
   * @returns the build, which goes on
   * @throws UserError `NO_FOLDER`
   */
  deploy(dir: string): Promise<BuildView>;
  /** Oldest first. */
  builds(): readonly BuildView[];
  /** @throws UserError `NO_SUCH_BUILD` */
  buildOutput(id: string, signal: AbortSignal): AsyncIterable<string>;
  /** @throws UserError `NO_SUCH_BUILD`, `BUILD_ENDED` */
  cancelBuild(id: string): void;
  /** In the order in which they build. */
  buildpacks(): readonly BuildpackView[];
  setBuildpacks(urls: readonly string[]): Promise<void>;
  /** The first is the one that every app has. */
  domains(): readonly DomainView[];
  /** @throws UserError `BAD_DOMAIN`, `DOMAIN_TAKEN` */
  addDomain(hostname: string): Promise<DomainView>;
  /** @throws UserError `NO_SUCH_DOMAIN` */
  removeDomain(hostname: string): Promise<DomainView>;
}
