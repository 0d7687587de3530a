import { UserError } from '../base/errors.js';
import type { Attached, AttachedChange, Config, VarChanges } from '../config/layers.js';
import { AppConfig, type ConfigLayers } from './app-config.js';
import type { AppFiles } from './app-files.js';
import { USER } from './app-log.js';
import { AttachedLayer } from './attached-layer.js';
import { describeChange, describeDeploy } from './describe-change.js';
import { type PastRelease, type Release, type ReleaseJournal, Releases } from './releases.js';
import {
  type OnCreated,
  type Proposal,
  type ReleaseOutcome,
  Releasing,
  type ReleasingOptions,
} from './releasing.js';
import type { ReleaseRequest } from './requests.js';
import type { ReleaseContent, Slug } from './slug.js';
import type { ReleaseView } from './views.js';

export interface AppReleasesOptions extends Omit<ReleasingOptions, 'releases'> {
  readonly appName: () => string;
  /** The releases from before the start of dynosim, oldest first. */
  readonly past: readonly PastRelease[] | undefined;
  /** As in `AppOptions`. */
  readonly journal: ReleaseJournal | undefined;
  readonly slug: Slug;
  readonly layers: ConfigLayers;
  /** As in `AppOptions`. */
  readonly files: AppFiles | undefined;
  /**
   * Called when a release goes live, except the first one.
   * @param isFirst whether it is the first one with code
   */
  activate(release: Release, isFirst: boolean): void;
}

/** Who wants to know how a release is made. */
export interface ReleaseListeners {
  /** Called before the release command runs. */
  readonly onCreated?: OnCreated | undefined;
  /** Called with each warning, which is logged, too: for example that the release differs from the app's files. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** The slug and the config vars of one app, which change by releases. */
export class AppReleases {
  /** Those that were made. */
  readonly history: Releases;
  readonly #attached = new AttachedLayer();
  readonly #options: AppReleasesOptions;
  readonly #releasing: Releasing;
  readonly #config: AppConfig;
  #slug: Slug;

  constructor(options: AppReleasesOptions) {
    this.#options = options;
    this.history = new Releases(options.past, options.journal);
    this.#releasing = new Releasing({ ...options, releases: this.history });
    this.#config = new AppConfig([...options.layers, this.#attached]);
    this.#slug = options.slug;
  }

  /** The slug of the last deploy or rollback; a deploy counts even if its release failed. */
  get slug(): Slug {
    return this.#slug;
  }

  /** The config vars that are set, even if the release that set them failed. */
  get configVars(): Config {
    return this.#config.vars;
  }

  /** The config vars that come from no add-on. */
  get ownVars(): Config {
    return this.#options.layers[0].vars();
  }

  /** The config vars of add-ons in the current release; undefined before the first one. */
  get releasedAttached(): Config | undefined {
    if (!this.history.hasRun) return undefined;
    return new Map([...this.history.current.config].filter(([, { from }]) => from.kind === 'addon'));
  }

  /** Whether no code has ever run. */
  get isBlank(): boolean {
    const { isBlank = false } = this.history.hasRun ? this.history.current.slug : this.#slug;
    return isBlank;
  }

  /** Oldest first. */
  views(): readonly ReleaseView[] {
    return this.history.list(USER);
  }

  /**
   * Makes the releases of a new app. No dyno is started.
   * @throws UserError `RELEASE_FAILED`
   */
  async makeFirst(): Promise<void> {
    // Heroku makes two releases for an app without code.
    const firsts = this.#slug.isBlank ? ['Initial release', 'Enable Logplex'] : [describeDeploy(this.#slug)];
    for (const change of firsts) {
      const { outcome } = await this.#releasing.make(
        () => ({ changes: [change], content: this.#set }),
        () => {},
      );
      if (outcome === 'failed')
        throw new UserError('RELEASE_FAILED', 'The release command failed, so nothing was started');
    }
  }

  /**
   * Makes a release of what is new, if anything is. All else stays as it is set, also after a rollback.
   * @param read called when it is this deploy's turn: reads the config layers again, and returns the slug if it is new
   * @param onCreated called before the release command runs
   */
  deploy(read: () => Slug | undefined | Promise<Slug>, onCreated?: OnCreated): Promise<ReleaseOutcome> {
    return this.#make(
      async () => {
        const before = this.#set;
        this.#slug = (await read()) ?? this.#slug;
        const isNew = describeChange(before, this.#set).length > 0;
        return isNew ? this.#proposal() : { changes: [], content: before };
      },
      (release) => this.#compareWithFiles(release),
      onCreated,
    );
  }

  /**
   * Makes a release of code that was released before, with the config vars that are set.
   * @throws UserError `NO_SUCH_SLUG`
   */
  again(
    { slug, description }: ReleaseRequest,
    { onCreated }: ReleaseListeners = {},
  ): Promise<ReleaseOutcome> {
    return this.#make(
      () => {
        if (slug !== undefined) this.#slug = this.history.slug(slug);
        if (this.#slug.isBlank)
          throw new UserError('NO_SUCH_SLUG', `Nothing has been deployed to ${this.#options.appName()}`);
        const change = description ?? describeDeploy(this.#slug);
        return { changes: [change], content: this.#set };
      },
      undefined,
      onCreated,
    );
  }

  /**
   * Makes a release with the process types and config vars of an earlier one. No file is changed.
   * @param version by default, the last one that ran before the current release
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollback(version?: number, { onWarning, onCreated }: ReleaseListeners = {}): Promise<ReleaseOutcome> {
    return this.#make(
      () => {
        const { version: to, slug, config } = this.history.rollbackTarget(version);
        return {
          changes: [`Rollback to v${to}`],
          content: { ...this.#set, slug, config: this.#config.asBefore(config) },
        };
      },
      async (release) => {
        this.#slug = release.slug;
        await this.#config.rollBack(release.config);
        this.#compareWithFiles(release, onWarning);
      },
      onCreated,
    );
  }

  /**
   * Sets config vars, or removes those that are null: at their source and, by a release, in all dynos.
   * @throws UserError if a value cannot be written
   */
  updateConfigVars(
    changes: VarChanges,
    { onWarning, onCreated }: ReleaseListeners = {},
  ): Promise<ReleaseOutcome> {
    return this.#make(
      async () => {
        for (const warning of await this.#config.write(changes)) this.#warn(warning, onWarning);
        return this.#proposal();
      },
      undefined,
      onCreated,
    );
  }

  /** Resolves when no release is being made, and all are kept. */
  over(): Promise<void> {
    return this.#releasing.over();
  }

  /** Sets what the app's add-ons give it before its dynos start. */
  adoptAttached(attached: Attached): void {
    this.#attached.set(attached);
  }

  /**
   * Makes a release of a change of the app's add-ons. Dynos restart if it changes config vars. Before the first release,
   * makes none: that one has it.
   */
  changeAttached({ attached, description, by }: AttachedChange): Promise<ReleaseOutcome> {
    let changesVars = false;
    return this.#make(
      () => {
        this.#attached.set(attached());
        const content = this.#set;
        if (!this.history.latest) return { changes: [], content };
        changesVars = describeChange(this.history.current, content).length > 0;
        return { changes: [description], content, ...(by !== undefined && { by }) };
      },
      undefined,
      undefined,
      () => changesVars,
    );
  }

  /**
   * @param onLive called once its dynos restart
   * @param restarts whether the release, which is live, restarts dynos
   */
  #make(
    propose: () => Proposal | Promise<Proposal>,
    onLive: (release: Release) => void | Promise<void> = () => {},
    onCreated?: OnCreated,
    restarts: () => boolean = () => true,
  ): Promise<ReleaseOutcome> {
    let isFirst = false;
    return this.#releasing.make(
      async () => {
        const wasBlank = this.isBlank;
        const proposal = await propose();
        isFirst = wasBlank && !proposal.content.slug.isBlank;
        return proposal;
      },
      async (release) => {
        if (restarts()) this.#options.activate(release, isFirst);
        await onLive(release);
      },
      onCreated,
    );
  }

  /** What is set, and would be released now. */
  get #set(): ReleaseContent {
    return { slug: this.#slug, config: this.#config.vars, addonPlans: this.#attached.plans };
  }

  #proposal(): Proposal {
    const content = this.#set;
    return { changes: describeChange(this.history.current, content), content };
  }

  #compareWithFiles(release: Release, onWarning?: (warning: string) => void): void {
    const differing = this.#options.files?.differences(release) ?? [];
    if (differing.length > 0)
      this.#warn(`what runs now differs from the files: ${differing.join(', ')}`, onWarning);
  }

  #warn(warning: string, onWarning?: (warning: string) => void): void {
    this.#options.log.remark(warning);
    onWarning?.(warning);
  }
}
