import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import type { Environment } from '../config/dyno-env.js';
import { EnvLayer } from '../config/env-layer.js';
import { type ResolvedProcfile, resolveProcfile } from '../config/resolve-procfile.js';
import { firstProblems, formatProblem, type Problem } from '../procfile/problem.js';
import { headCommit } from './head-commit.js';
import { hashOf, type Slug } from './slug.js';

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

  /** The same one until the process types change. */
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
   * @returns the new warnings, one line each
   * @throws UserError if the app cannot run with them; then nothing has changed
   */
  read(): readonly string[] {
    const { dir } = this.#place;
    const known = warningsOf(this.problems);
    const procfile = readProcfile(this.#place);
    this.env.read();
    this.#procfile = procfile;
    if (hashOf(procfile) !== hashOf(this.#slug))
      this.#slug = slugOf(dir, procfile, headCommit(dir, procfile.path));
    return warningsOf(this.problems).filter((warning) => !known.includes(warning));
  }
}

function readProcfile({ dir, procfile }: AppPlace): ResolvedProcfile {
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
