import type { BuildpackView, BuildView, DomainView } from './views.js';

/** A host's services for an app that it keeps: state, builds and domains. */
export interface AppKeeper {
  /** Saves the app's state. Resolves when it is on disk. */
  save(): Promise<void>;
  /**
   * Builds a folder as it is, and releases it.
   * @param dir absolute
   * @returns the build, which is still running
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
  /** The default domain is first. */
  domains(): readonly DomainView[];
  /** @throws UserError `BAD_DOMAIN`, `DOMAIN_TAKEN` */
  addDomain(hostname: string): Promise<DomainView>;
  /** @throws UserError `NO_SUCH_DOMAIN` */
  removeDomain(hostname: string): Promise<DomainView>;
}
