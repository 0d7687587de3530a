import type { CommandLine } from '../base/process.js';
import type { Answer, Executor, Place } from './executor.js';
import type { Step } from './step.js';

/** What a buildpack is given. */
export interface BuildSite {
  /** The slug. */
  readonly dir: string;
  /** Kept from build to build. */
  readonly cacheDir: string;
  /** A file for each config var, as classic buildpacks read them. */
  readonly envDir: string;
  /** This build's own, gone after it. */
  readonly workDir: string;
  readonly executor: Executor;
  /** What every program of the build gets. */
  readonly plainEnv: Readonly<Record<string, string>>;
  /** Set by the buildpacks that have run for those that follow. */
  readonly exported: Map<string, string>;
  readonly configVars: ReadonlyMap<string, string>;
}

/** What a buildpack says of the app once it is built. */
export interface BuildpackRelease {
  readonly processTypes: Readonly<Record<string, string>>;
  /** Set when the app is deployed for the first time, unless they are set already. */
  readonly configVars: Readonly<Record<string, string>>;
}

/** One buildpack. https://devcenter.heroku.com/articles/buildpack-api */
export interface Buildpack {
  /** `heroku/nodejs`, or the URL of its folder. */
  readonly name: string;
  readonly url: string;
  /** What it calls such an app, `Node.js`, or why it does not take it. */
  detect(site: BuildSite): Promise<{ readonly app: string } | { readonly refusal: string }>;
  /** @throws BuildFailed, BuildStopped */
  compile(site: BuildSite): Promise<void>;
  release(site: BuildSite): Promise<BuildpackRelease>;
}

/** What a builder of dynosim's own is given. */
export interface BuilderApp extends Place {
  readonly cacheDir: string;
  readonly configVars: ReadonlyMap<string, string>;
  /** Whether there is such a program on PATH. */
  has(program: string): boolean;
  /** Asks a program something, without printing anything. */
  ask(command: CommandLine, env?: Readonly<Record<string, string>>): Promise<Answer>;
}

export interface Plan {
  /** The environment of all its commands. */
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A builder of dynosim's own, for one of Heroku's buildpacks. */
export interface Builder {
  /** @throws UserError if a file of the app cannot be read */
  plan(app: BuilderApp): Promise<Plan>;
  /** After the build. */
  release?(dir: string): Promise<BuildpackRelease>;
  /** The variables that later buildpacks get. */
  exports?(app: BuilderApp): Readonly<Record<string, string>>;
}
