import { Emitter } from '../base/emitter.js';
import { errorMessage, inOneLine, UserError } from '../base/errors.js';
import { randomId } from '../base/ids.js';
import type { Transcript } from '../base/transcript.js';
import type { ReleaseContent, Slug } from './slug.js';
import type { ReleaseView } from './views.js';

/** A slug and config vars that run, ran or failed to. https://devcenter.heroku.com/articles/releases */
export interface Release extends ReleaseContent {
  readonly id: string;
  /** From 1, never reused: a release that failed keeps its number. */
  readonly version: number;
  readonly description: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** Who made it, if it was not the user: `heroku-postgresql@addons.heroku.com`. */
  readonly by?: string;
}

/** A release together with its outcome. */
export interface PastRelease {
  readonly release: Release;
  readonly status: ReleaseView['status'];
  /** Undefined if it has run no command. */
  readonly output?: Transcript;
}

/** Where the releases of an app are kept when dynosim ends. */
export interface ReleaseJournal {
  /**
   * Resolves when the release is safe on the disk.
   * @throws UserError `STATE_UNUSABLE`
   */
  save(past: PastRelease): Promise<void>;
  /** Whether a slug can still run. Those that no release needs are removed. */
  hasSlug(slug: Slug): boolean;
}

/** All releases of one app. */
export class Releases {
  readonly #journal: ReleaseJournal | undefined;
  readonly #releases: Release[] = [];
  readonly #status = new Map<Release, ReleaseView['status']>();
  readonly #outputs = new Map<Release, Transcript>();
  /** Why releases could not be recorded. */
  readonly #failures = new Map<Release, string>();
  readonly #changed = new Emitter();
  #current: Release | undefined;

  /**
   * @param past those that were made before dynosim was started, oldest first
   * @param journal undefined: they are lost when dynosim ends
   */
  constructor(past: readonly PastRelease[] = [], journal?: ReleaseJournal) {
    this.#journal = journal;
    for (const { release, status, output } of past) {
      this.#releases.push(release);
      this.#status.set(release, status);
      if (output) this.#outputs.set(release, output);
      if (status === 'succeeded') this.#current = release;
    }
  }

  /** Whether any release has ever run. */
  get hasRun(): boolean {
    return this.#current !== undefined;
  }

  /** The newest, whatever has come of it. */
  get latest(): Release | undefined {
    return this.#releases.at(-1);
  }

  /** The release that runs; before any does, the first one, whose release command may still run. */
  get current(): Release {
    const release = this.#current ?? this.#releases[0];
    if (!release) throw new Error('Nothing has been released');
    return release;
  }

  /** Calls back when a release is made, goes live or fails. */
  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  /**
   * Makes a release that does not run yet.
   * @throws UserError as the journal does; then there is no release
   */
  async create(
    description: string,
    createdAt: number,
    { slug, config, addonPlans }: ReleaseContent,
    by?: string,
  ): Promise<Release> {
    const release = {
      id: randomId(),
      version: this.#releases.length + 1,
      description,
      createdAt,
      slug,
      config,
      addonPlans,
      ...(by !== undefined && { by }),
    };
    await this.#journal?.save({ release, status: 'pending' });
    this.#releases.push(release);
    this.#setStatus(release, 'pending');
    return release;
  }

  /** @throws UserError as the journal does; then the release has failed */
  async succeed(release: Release): Promise<void> {
    try {
      await this.#save(release, 'succeeded');
    } catch (error) {
      this.#failures.set(release, describe(error));
      this.#setStatus(release, 'failed');
      throw error;
    }
    this.#current = release;
    this.#setStatus(release, 'succeeded');
  }

  /** Marks a release whose command failed; the current one keeps running. */
  async fail(release: Release): Promise<void> {
    this.#setStatus(release, 'failed');
    await this.#save(release, 'failed');
  }

  /** Keeps the output of its release command. */
  setOutput(release: Release, output: Transcript): void {
    this.#outputs.set(release, output);
  }

  /** Undefined if the release has run no command. */
  outputOf(release: Release): Transcript | undefined {
    return this.#outputs.get(release);
  }

  /**
   * The release to go back to.
   * @param version by default, the last one that ran before the current release
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollbackTarget(version?: number): Release {
    if (version !== undefined) return this.#eligible(this.find(version));
    const found = this.#releases.findLast(
      (release) => release.version < this.current.version && this.#canRunAgain(release),
    );
    if (found) return found;
    throw new UserError('CANNOT_ROLL_BACK', 'There is no release to roll back to');
  }

  /**
   * A slug that was released before.
   * @throws UserError `NO_SUCH_SLUG`
   */
  slug(id: string): Slug {
    const slug = this.#releases.findLast((release) => release.slug.id === id)?.slug;
    if (slug && this.#hasSlug(slug)) return slug;
    throw new UserError('NO_SUCH_SLUG', `There is no slug ${id}`, 'The last ten releases keep theirs.');
  }

  /** @throws UserError `NO_SUCH_RELEASE` */
  find(version: number): Release {
    const found = this.#releases[version - 1];
    if (found) return found;
    throw new UserError(
      'NO_SUCH_RELEASE',
      `There is no release v${version}`,
      'See them all: dynosim releases',
    );
  }

  /** Those that ran or run, oldest first. */
  succeeded(): readonly Release[] {
    return this.#releases.filter((release) => this.#status.get(release) === 'succeeded');
  }

  /**
   * Oldest first.
   * @param user who made those that name nobody else
   */
  list(user: string): readonly ReleaseView[] {
    return this.#releases.map((release) => this.#view(release, user));
  }

  #view(release: Release, user: string): ReleaseView {
    const { id, version, description, slug, by, addonPlans, createdAt } = release;
    const failure = this.#failures.get(release);
    return {
      id,
      version,
      description,
      status: this.#status.get(release) ?? 'pending',
      ...(failure !== undefined && { failure }),
      isCurrent: release === this.#current,
      canRunAgain: this.#canRunAgain(release),
      ...(slug.id !== undefined && { slug: slug.id }),
      user: by ?? user,
      addonPlans,
      ...(this.#outputs.has(release) && { command: slug.processes.get('release')?.command ?? '' }),
      createdAt,
    };
  }

  async #save(release: Release, status: ReleaseView['status']): Promise<void> {
    const output = this.#outputs.get(release);
    await this.#journal?.save({ release, status, ...(output && { output }) });
  }

  #setStatus(release: Release, status: ReleaseView['status']): void {
    this.#status.set(release, status);
    this.#changed.emit();
  }

  /** Whether it ran, and its code is still there. */
  #canRunAgain(release: Release): boolean {
    return this.#status.get(release) === 'succeeded' && this.#hasSlug(release.slug);
  }

  #hasSlug(slug: Slug): boolean {
    return !slug.isBlank && (this.#journal?.hasSlug(slug) ?? true);
  }

  #eligible(release: Release): Release {
    if (release !== this.#current && this.#canRunAgain(release)) return release;
    throw new UserError(
      'CANNOT_ROLL_BACK',
      `v${release.version} ${this.#whyNot(release)}`,
      'See them all: dynosim releases',
    );
  }

  #whyNot(release: Release): string {
    if (release === this.#current) return 'runs now';
    if (this.#status.get(release) !== 'succeeded') return 'never ran';
    return release.slug.isBlank ? 'has no code' : 'is too old: its slug was removed';
  }
}

function describe(error: unknown): string {
  return inOneLine(errorMessage(error), error instanceof UserError ? error.hint : undefined);
}
