import type { Exit } from '../base/process.js';
import { Transcript } from '../base/transcript.js';
import { Turns } from '../base/turns.js';
import type { AppLog } from './app-log.js';
import type { Release, Releases } from './releases.js';
import type { ReleaseContent } from './slug.js';

export interface ReleasingOptions {
  readonly releases: Releases;
  readonly wall: () => number;
  /** Runs a release's `release` command to its end. Undefined: release commands are skipped. */
  readonly runCommand: ((release: Release, command: string, output: Transcript) => Promise<Exit>) | undefined;
  readonly log: AppLog;
}

/** A release to make. It is computed at its turn, because earlier ones may be made in the meantime. */
export interface Proposal {
  /** Its changes, in the words of Heroku's API. If there are none, no release is made. */
  readonly changes: readonly string[];
  readonly content: ReleaseContent;
  /** As in `Release`. */
  readonly by?: string;
}

/** Called before the release's command runs, if it has one. */
export type OnCreated = (release: Release, hasCommand: boolean) => void;

export type ReleaseOutcome =
  | { readonly outcome: 'live'; readonly release: Release }
  /** Its release command failed, and the previous release keeps running. */
  | { readonly outcome: 'failed'; readonly release: Release }
  | { readonly outcome: 'unchanged' };

interface ReleaseCommand {
  readonly output: Transcript;
  /** Runs it to its end. */
  run(): Promise<Exit>;
}

/** Makes releases one at a time. https://devcenter.heroku.com/articles/release-phase */
export class Releasing {
  readonly #options: ReleasingOptions;
  readonly #turns = new Turns();

  constructor(options: ReleasingOptions) {
    this.#options = options;
  }

  /**
   * Makes a release and puts it into effect, unless its release command fails.
   * @param activate called when it is the current one
   * @param onCreated called before its release command runs
   */
  make(
    propose: () => Proposal | Promise<Proposal>,
    activate: (release: Release) => void | Promise<void>,
    onCreated: OnCreated = () => {},
  ): Promise<ReleaseOutcome> {
    return this.#turns.take(async () => this.#make(await propose(), activate, onCreated));
  }

  /** Resolves when no release is being made. */
  over(): Promise<void> {
    return this.#turns.over();
  }

  async #make(
    { changes, content, by }: Proposal,
    activate: (release: Release) => void | Promise<void>,
    onCreated: OnCreated,
  ): Promise<ReleaseOutcome> {
    if (changes.length === 0) return { outcome: 'unchanged' };
    const { releases, wall, log } = this.#options;
    const release = await releases.create(changes.join(', '), Math.floor(wall()), content, by);
    for (const change of changes) log.api(change, by);
    const command = this.#prepareCommand(release);
    onCreated(release, command !== undefined);
    try {
      if (command && (await command.run()).status !== 0) {
        await releases.fail(release);
        log.api(`Release v${release.version} command failed`);
        return { outcome: 'failed', release };
      }
      await releases.succeed(release);
      log.api(`Release v${release.version} created`, by);
      await activate(release);
      return { outcome: 'live', release };
    } finally {
      // Not earlier: when its readers see it end, the release is live or has failed.
      command?.output.end();
    }
  }

  /** @returns undefined if there is nothing to run */
  #prepareCommand(release: Release): ReleaseCommand | undefined {
    const { releases, runCommand, log } = this.#options;
    const command = release.slug.processes.get('release')?.command;
    if (command === undefined) return undefined;
    if (!runCommand) {
      log.remark(
        `v${release.version}: the release command was skipped; dynosim start --release-phase runs it`,
      );
      return undefined;
    }
    log.api(`Running release v${release.version} commands`);
    const output = new Transcript();
    releases.setOutput(release, output);
    return { output, run: () => runCommand(release, command, output) };
  }
}
