import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage, inOneLine, UserError } from '../base/errors.js';
import { BUILD_LIMITS, STACK_NAME } from '../base/limits.js';
import type { Environment } from '../config/dyno-env.js';
import type { Procfile } from '../procfile/parse.js';
import type { Buildpack, BuildpackRelease, BuildSite } from './buildpack.js';
import { detectBuildpack, setBuildpacks } from './choose.js';
import { plainEnv } from './environment.js';
import { BuildFailed, BuildStopped, type BuildWorld, Executor } from './executor.js';
import { details, formatBytes, heading, marked, ownWarning } from './lines.js';
import { discoverProcessTypes } from './process-types.js';
import { measureSlug } from './slug-size.js';
import { removeIgnored } from './slugignore.js';

export type { BuildWorld } from './executor.js';

export interface BuildRequest {
  /** The slug's folder, where it stays: it holds the source without `.git`, and the slug after the build. */
  readonly dir: string;
  /** This app's build cache, for one build at a time. */
  readonly cacheDir: string;
  /** In order: `heroku/nodejs`, `file:///path/to/pack`, or `none`. None at all: as Heroku detects them. */
  readonly buildpacks: readonly string[];
  readonly configVars: ReadonlyMap<string, string>;
  /** The commit, or what else names the source. */
  readonly sourceVersion: string;
  /** The environment that dynosim was started with. */
  readonly shell: Environment;
  /** Cancels the build. */
  readonly signal: AbortSignal;
}

/** A slug, built. */
export interface Built {
  readonly outcome: 'built';
  readonly processes: Procfile;
  readonly buildpacks: readonly { readonly name: string; readonly url: string }[];
  /** What the last buildpack calls the app: `Node.js`; empty if nothing was built. */
  readonly language: string;
  /** Of the slug, at most. */
  readonly bytes: number;
  /** What to set when the app is deployed for the first time, unless it is set already. */
  readonly configVars: ReadonlyMap<string, string>;
}

export type BuildOutcome =
  | Built
  /** Its lines say why, and end with `Push failed`. */
  | { readonly outcome: 'failed' | 'cancelled' | 'timed out' };

/**
 * Builds a slug in its final folder, and prints what `git push heroku` does from `Building on the Heroku-24 stack` to
 * the size of the slug. Nothing of the build outlives it but the slug and the cache.
 * https://devcenter.heroku.com/articles/slug-compiler
 */
export async function buildSlug(
  request: BuildRequest,
  output: (text: string) => void,
  world: BuildWorld,
): Promise<BuildOutcome> {
  const workDir = join(request.cacheDir, '.build');
  const executor = new Executor(world, workDir, request.signal, output);
  try {
    return await build(await prepare(request, executor, workDir), request.buildpacks);
  } catch (error) {
    const outcome = outcomeOf(error, output);
    output(marked('Push failed'));
    return { outcome };
  } finally {
    executor.close();
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Says why a build is over. Throws what is neither the app's fault nor the machine's. */
function outcomeOf(error: unknown, output: (text: string) => void): 'failed' | 'cancelled' | 'timed out' {
  if (error instanceof BuildFailed) return 'failed';
  if (error instanceof BuildStopped) {
    const limit = `The build took longer than ${BUILD_LIMITS.ms / 60_000} minutes.`;
    output(ownBlock(error.outcome === 'cancelled' ? 'The build was cancelled.' : limit));
    return error.outcome;
  }
  if (error instanceof UserError) {
    output(ownBlock(inOneLine(error.message, error.hint)));
    return 'failed';
  }
  if (!/^E[A-Z0-9]+$/.test(errorCode(error) ?? '')) throw error;
  output(ownBlock(errorMessage(error)));
  return 'failed';
}

function ownBlock(text: string): string {
  return `\n${ownWarning(text)}\n`;
}

/** Makes the folders of a build. */
async function prepare(request: BuildRequest, executor: Executor, workDir: string): Promise<BuildSite> {
  const { dir, cacheDir, configVars, shell, sourceVersion } = request;
  // A build that was killed may have left it.
  await rm(workDir, { recursive: true, force: true });
  const envDir = join(workDir, 'env');
  await mkdir(envDir, { recursive: true, mode: 0o700 });
  for (const [name, value] of configVars) {
    if (/^\w[\w.-]*$/.test(name)) await writeFile(join(envDir, name), value, { mode: 0o600 });
  }
  return {
    dir,
    cacheDir,
    envDir,
    workDir,
    executor,
    plainEnv: plainEnv(shell, sourceVersion),
    exported: new Map(),
    configVars,
  };
}

async function build(site: BuildSite, settings: readonly string[]): Promise<Built> {
  const { dir, executor } = site;
  executor.print(heading(`Building on the ${STACK_NAME.replace('h', 'H')} stack`));
  const ignored = await removeIgnored(dir);
  if (ignored !== undefined)
    executor.print(heading(`Deleting ${ignored} files matching .slugignore patterns.`));
  const buildpacks = settings.length > 0 ? setBuildpacks(settings, executor) : detectBuildpack(dir, executor);
  let language = '';
  let release: BuildpackRelease = { processTypes: {}, configVars: {} };
  for (const buildpack of buildpacks) {
    language = await compile(buildpack, site);
    release = await buildpack.release(site);
  }
  const processes = discoverProcessTypes(dir, release.processTypes, executor.print);
  const bytes = await compress(site);
  return {
    outcome: 'built',
    processes,
    buildpacks: buildpacks.map(({ name, url }) => ({ name, url })),
    language,
    bytes,
    configVars: new Map(Object.entries(release.configVars)),
  };
}

/** @returns what the buildpack calls the app */
async function compile(buildpack: Buildpack, site: BuildSite): Promise<string> {
  const { print } = site.executor;
  const detected = await buildpack.detect(site);
  if ('refusal' in detected) {
    print(heading(`App not compatible with buildpack: ${buildpack.url}`));
    print(details(detected.refusal.trim(), '', MORE_INFO, ''));
    throw new BuildFailed();
  }
  const { app } = detected;
  if (app !== '') print(heading(`${app} app detected`));
  try {
    await buildpack.compile(site);
  } catch (error) {
    if (error instanceof UserError) print(ownBlock(inOneLine(error.message, error.hint)));
    else if (!(error instanceof BuildFailed)) throw error;
    print(`${marked(`Push rejected, failed to compile ${app} app.`)}\n`);
    throw new BuildFailed();
  }
  return app;
}

const MORE_INFO = 'More info: https://devcenter.heroku.com/articles/buildpacks#buildpack-auto-detection';

/**
 * Checks the slug's size, and tells it.
 * @returns its bytes
 */
async function compress({ dir, executor, plainEnv: env }: BuildSite): Promise<number> {
  executor.print(`\n${heading('Compressing...')}`);
  const bytes = await measureSlug(executor, { dir, env });
  executor.throwIfStopped();
  if (bytes <= BUILD_LIMITS.slugBytes) {
    executor.print(details(`Done: ${formatBytes(bytes)}`));
    return bytes;
  }
  const most = `max is ${BUILD_LIMITS.slugBytes / 1024 ** 2}M`;
  executor.print(marked(`Compiled slug size: ${formatBytes(bytes)} is too large (${most}).`));
  executor.print(`${marked('See: http://devcenter.heroku.com/articles/slug-size')}\n`);
  throw new BuildFailed();
}
