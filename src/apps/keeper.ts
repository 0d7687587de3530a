import type { ArchiveRequest } from './requests.js';
import type { BuildpackView, BuildView, DomainView, SlugView } from './views.js';

/** A host's services for an app that it keeps: state, builds and domains. */
export interface AppKeeper {
  /** Saves the app's state. Resolves when it is on disk. */
  save(): Promise<void>;
  /** Undefined if there is none. */
  slug(id: string): SlugView | undefined;
  /** Bytes of the repository that is pushed to. */
  repoBytes(): Promise<number>;
  /**
   * Builds a folder as it is, and releases it.
   * @param dir absolute
   * @returns the build, which is still running
   * @throws UserError `NO_FOLDER`
   */
  deploy(dir: string): Promise<BuildView>;
  /**
   * Builds an archive, and releases it.
   * @returns the build, which goes on
   * @throws UserError `BAD_URL`, `NO_SUCH_SOURCE`, `NO_SUCH_BUILDPACK`
   */
  deployArchive(archive: ArchiveRequest): Promise<BuildView>;
  /** Removes what builds have kept for later ones, as soon as no build of the app runs. */
  purgeBuildCache(): void;
  /** Oldest first. */
  builds(): readonly BuildView[];
  /** @throws UserError `NO_SUCH_BUILD` */
  buildOutput(id: string, signal: AbortSignal): AsyncIterable<string>;
  /** @throws UserError `NO_SUCH_BUILD`, `BUILD_ENDED` */
  cancelBuild(id: string): void;
  /** In the order in which they build. */
  buildpacks(): readonly BuildpackView[];
  /**
   * @param settings names, URLs, or `none`
   * @throws UserError `NO_SUCH_BUILDPACK`
   */
  setBuildpacks(settings: readonly string[]): Promise<void>;
  /** The default domain is first. */
  domains(): readonly DomainView[];
  /** @throws UserError `BAD_DOMAIN`, `DOMAIN_TAKEN` */
  addDomain(hostname: string): Promise<DomainView>;
  /** @throws UserError `NO_SUCH_DOMAIN` */
  removeDomain(hostname: string): Promise<DomainView>;
}
