import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import type { Environment } from '../config/dyno-env.js';
import { EnvLayer } from '../config/env-layer.js';
import { type ResolvedProcfile, resolveProcfile } from '../config/resolve-procfile.js';
import { firstProblems, formatProblem, type Problem } from '../procfile/problem.js';
import { describeChange } from './describe-change.js';
import { headCommit } from './head-commit.js';
import { hashOf, type ReleaseContent, type Slug } from './slug.js';

/** Where an app's files are. */
export interface AppPlace {
  /** The app's folder. */
  readonly dir: string;
  /** Relative to it. */
  readonly procfile: string;
  /** Relative to it; none: `.env`, if it is there. */
  readonly envFiles: readonly string[];
}

/** Thrown for a Procfile that leaves nothing to run; the warnings say why. */
export class UnusableProcfile extends UserError {
  constructor(
    error: Problem,
    readonly warnings: readonly Problem[],
  ) {
    super('PROCFILE_UNUSABLE', formatProblem(error));
  }
}

/** The Procfile and the env files of an app, as they were last read. */
export class AppFiles {
  readonly #place: AppPlace;
  readonly env: EnvLayer;
  #procfile: ResolvedProcfile;
  #slug: Slug;

  /** @throws UserError if the app cannot run with them */
  constructor(place: AppPlace, world: { readonly clock: Clock; readonly shell: Environment }) {
    this.#place = place;
    this.#procfile = readProcfile(place);
    this.#slug = slugOf(place.dir, this.#procfile, headCommit(place.dir));
    this.env = new EnvLayer({ ...place, ...world });
  }

  get slug(): Slug {
    return this.#slug;
  }

  /** Warnings only. */
  get problems(): readonly Problem[] {
    return [...this.#procfile.problems, ...this.env.problems];
  }

  /** Every file that is read, or would be if it existed. */
  get paths(): readonly string[] {
    return [this.#procfile.path, ...this.env.paths];
  }

  /**
   * Reads all files again.
   * @param onWarning called with each new warning
   * @returns the new slug, if the process types have changed
   * @throws UserError if the app cannot run with them; then nothing has changed
   */
  read(onWarning: (warning: string) => void): Slug | undefined {
    const { dir } = this.#place;
    const known = warningsOf(this.problems);
    const procfile = readProcfile(this.#place);
    this.env.read();
    this.#procfile = procfile;
    for (const warning of warningsOf(this.problems)) if (!known.includes(warning)) onWarning(warning);
    if (hashOf(procfile) === hashOf(this.#slug)) return undefined;
    this.#slug = slugOf(dir, procfile, headCommit(dir, procfile.path));
    return this.#slug;
  }

  /** How what runs differs from what the files say, which no rollback changes. */
  differences(runs: ReleaseContent): readonly string[] {
    const others = [...runs.config].filter(([, { from }]) => from.kind !== 'file');
    return describeChange({ slug: this.#slug, config: new Map([...this.env.saved, ...others]) }, runs);
  }
}

/**
 * What an app's folder runs at this moment.
 * @throws UserError if that is nothing
 */
export function readSlug(place: Omit<AppPlace, 'envFiles'>): { slug: Slug; problems: readonly Problem[] } {
  const procfile = readProcfile(place);
  return { slug: slugOf(place.dir, procfile, headCommit(place.dir)), problems: procfile.problems };
}

function readProcfile({ dir, procfile }: Omit<AppPlace, 'envFiles'>): ResolvedProcfile {
  const resolved = resolveProcfile(dir, procfile);
  const error = resolved.problems.find(({ severity }) => severity === 'error');
  if (!error) return resolved;
  const warnings = resolved.problems.filter(({ severity }) => severity === 'warning');
  throw new UnusableProcfile(error, warnings);
}

function slugOf(dir: string, { processes }: ResolvedProcfile, commit: string | undefined): Slug {
  return { dir, processes, ...(commit !== undefined && { commit }) };
}

function warningsOf(problems: readonly Problem[]): readonly string[] {
  return firstProblems(problems).shown.map(formatProblem);
}
