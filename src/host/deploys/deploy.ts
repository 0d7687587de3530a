import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';
import type { App } from '../../apps/app.js';
import type { Release } from '../../apps/releases.js';
import type { Slug } from '../../apps/slug.js';
import { errorCode, UserError } from '../../base/errors.js';
import { type BuildRequest, type BuildWorld, type Built, buildSlug } from '../../build/build.js';
import type { Environment } from '../../config/dyno-env.js';
import type { Build, BuildStore } from '../store/build-store.js';
import type { StoredApp } from '../store/stored-app.js';
import * as lines from './lines.js';
import { keptSlugs } from './retention.js';

/** Where the code of a build comes from. */
export interface Source {
  /** The commit, or what else names it. */
  readonly version: string;
  readonly commit?: string;
  /** For this build, instead of those that are set. */
  readonly buildpacks?: readonly string[];
  /**
   * Puts it into an empty folder.
   * @param signal cancels it
   * @throws UserError if it cannot be built from
   */
  put(dir: string, signal: AbortSignal): Promise<PutSource>;
}

interface PutSource {
  /** How many files and links. */
  readonly paths: number;
  /** What is not as the author may expect, a sentence each. */
  readonly warnings: readonly string[];
}

/** An app to deploy to. */
export interface Target {
  readonly app: App;
  readonly stored: StoredApp;
  readonly builds: BuildStore;
  /** Where it answers: `http://my-app.localhost:5006/`. */
  readonly url: string;
  readonly cacheDir: string;
}

export interface DeployWorld extends BuildWorld {
  readonly shell: Environment;
  /** Wall-clock ms. */
  readonly wall: () => number;
}

/** A deploy that a failed build ends. What it printed says why. */
class Rejected extends Error {}

/**
 * Builds a slug and releases it. Until the release is live nothing of the app changes.
 * @param build from the app's store; ended here
 * @returns whether the code was released: also if its release command failed, as on Heroku
 */
export async function deploy(
  source: Source,
  { target, build, world }: { readonly target: Target; readonly build: Build; readonly world: DeployWorld },
): Promise<boolean> {
  const { app, stored, builds } = target;
  const print = (text: string): void => build.output.add(text);
  app.logBuild('Build started by user', true);
  const dir = stored.slugs.next();
  try {
    const built = await buildIn(dir, source, { target, build, world });
    const slug = await keep(dir, { built, source, target, wall: world.wall });
    const version = await release(slug, built, target, print);
    await builds.end(build, { status: 'succeeded', buildpacks: built.buildpacks, release: version });
    app.logBuild('Build succeeded');
    await stored.slugs.prune(keptSlugs(app));
    return true;
  } catch (error) {
    await promises.rm(dir, { recursive: true, force: true, maxRetries: 3 });
    await reject(error, target, build);
    if (error instanceof Rejected || error instanceof UserError || errorCode(error) !== undefined)
      return false;
    throw error;
  }
}

/** Ends a build that has failed. */
export async function reject(error: unknown, { app, builds }: Target, build: Build): Promise<void> {
  if (!(error instanceof Rejected)) build.output.add(lines.failure(error));
  build.output.add(lines.rejected(app.name));
  app.logBuild(
    `Build failed -- check your build output: dynosim builds:output ${build.view.id} -a ${app.name}`,
  );
  await builds.end(build, { status: 'failed' });
}

async function buildIn(
  dir: string,
  source: Source,
  { target, build, world }: { readonly target: Target; readonly build: Build; readonly world: DeployWorld },
): Promise<Built> {
  const { stored, cacheDir } = target;
  const print = (text: string): void => build.output.add(text);
  const { paths, warnings } = await source.put(dir, build.cancel.signal);
  print(lines.sourceLines(paths, source.version));
  for (const warning of warnings) print(lines.warning(warning));
  const request: BuildRequest = {
    dir,
    cacheDir,
    buildpacks: source.buildpacks ?? stored.record.buildpacks.map(({ name }) => name),
    configVars: new Map(Object.entries(stored.config)),
    sourceVersion: source.version,
    shell: world.shell,
    signal: build.cancel.signal,
  };
  const outcome = await buildSlug(request, print, world);
  if (outcome.outcome !== 'built') throw new Rejected();
  return outcome;
}

/** Records the slug, and what the build found out about the app. */
async function keep(
  dir: string,
  {
    built,
    source,
    target,
    wall,
  }: { readonly built: Built; readonly source: Source; readonly target: Target; readonly wall: () => number },
): Promise<Slug> {
  const { stored, app } = target;
  const { buildpacks, language, bytes, processes, configVars } = built;
  const slug = await stored.slugs.keep(dir, {
    id: randomUUID(),
    commit: source.commit ?? null,
    processes: [...processes.values()].map(({ type, command }) => ({ type, command })),
    bytes,
    buildpacks,
    language,
    created_at: new Date(wall()).toISOString(),
    removed: false,
  });
  // A buildpack's config vars count at the first deploy only, and never more than the user's.
  const defaults = app.isBlank ? Object.fromEntries(configVars) : {};
  await stored.update(({ config }) => ({
    ...(source.buildpacks === undefined && { buildpacks }),
    config: { ...defaults, ...config },
  }));
  return slug;
}

/** @returns the version */
async function release(
  slug: Slug,
  { bytes }: Built,
  { app, stored, url }: Target,
  print: (text: string) => void,
): Promise<number> {
  let version = 0;
  let reading: Promise<void> = Promise.resolve();
  const onCreated = (made: Release, hasCommand: boolean): void => {
    version = made.version;
    print(lines.launching({ version, url, bytes, hasCommand }));
    const output = app.releases.outputOf(made);
    if (output) reading = copy(output.read(), print);
  };
  const outcome = await app.deploy(() => slug, onCreated);
  await reading;
  if (app.releases.outputOf(app.releases.find(version))) print(lines.releaseEnd(outcome.outcome === 'live'));
  await stored.saveFormation(app.dynos.formation);
  return version;
}

async function copy(pieces: AsyncIterable<string>, print: (text: string) => void): Promise<void> {
  for await (const piece of pieces) print(piece);
}
