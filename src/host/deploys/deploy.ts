import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';
import type { App } from '../../apps/app.js';
import type { Postdeploy } from '../../apps/postdeploy.js';
import type { Release } from '../../apps/releases.js';
import type { Slug } from '../../apps/slug.js';
import { errorCode, errorMessage, UserError } from '../../base/errors.js';
import { type BuildRequest, type BuildWorld, type Built, buildSlug } from '../../build/build.js';
import type { Environment } from '../../config/dyno-env.js';
import type { Build, BuildEnd, BuildStore } from '../store/build-store.js';
import type { StoredApp } from '../store/stored-app.js';
import * as lines from './lines.js';
import { keptSlugs } from './retention.js';

/** Where the code of a build comes from. */
export interface Source {
  /** The commit, or another name for this source code. */
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
  /** Sentences about what may surprise the app's author. */
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

export interface Deploying {
  readonly target: Target;
  /** From the app's store; ended by the deploy. */
  readonly build: Build;
  readonly world: DeployWorld;
}

/**
 * Builds a slug and releases it. Until the release is live nothing of the app changes; from then on nothing is taken
 * back.
 * @returns whether the code was released: also if its release command failed, as on Heroku
 */
export async function deploy(source: Source, deploying: Deploying): Promise<boolean> {
  const { target, build } = deploying;
  target.app.logBuild('Build started by user', true);
  try {
    const { slug, built } = await makeSlug(source, deploying);
    const version = await release(slug, built, deploying);
    await conclude(deploying, { status: 'succeeded', buildpacks: built.buildpacks, release: version });
    return true;
  } catch (error) {
    await reject(error, target, build);
    if (error instanceof Rejected || isForUsers(error)) return false;
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
  await orRemark(app, () => builds.end(build, { status: 'failed' }));
}

/** Stores the app's new state. The release is live by then, so a failure is only remarked on. */
async function conclude({ target, build }: Deploying, end: BuildEnd): Promise<void> {
  const { app, stored, builds } = target;
  await orRemark(app, () => stored.saveFormation(app.dynos.formation));
  await orRemark(app, () => builds.end(build, end));
  app.logBuild('Build succeeded');
  await orRemark(app, () => stored.slugs.prune(keptSlugs(app)));
}

/** Does work for an app that must not fail because of it: what its user or the system refuses is logged. */
export async function orRemark(app: App, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isForUsers(error)) throw error;
    app.remark(errorMessage(error));
  }
}

/** Whether it is a user's mistake or the system's refusal, such as a full disk; anything else is a bug. */
function isForUsers(error: unknown): boolean {
  return error instanceof UserError || errorCode(error) !== undefined;
}

/** Builds and records a slug. Nothing of one that cannot be built is left. */
async function makeSlug(source: Source, deploying: Deploying): Promise<{ slug: Slug; built: Built }> {
  const dir = deploying.target.stored.slugs.next();
  try {
    const built = await buildIn(dir, source, deploying);
    return { built, slug: await keep(dir, built, source, deploying) };
  } catch (error) {
    await promises.rm(dir, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

async function buildIn(dir: string, source: Source, deploying: Deploying): Promise<Built> {
  const { target, build, world } = deploying;
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
  if (outcome.outcome === 'built') return outcome;
  if (isRepeated(source, deploying)) print(lines.sameVersion(source.version));
  throw new Rejected();
}

/** Whether an earlier build was of the same commit. */
function isRepeated({ commit }: Source, { target, build }: Deploying): boolean {
  const others = target.builds.list().filter(({ id }) => id !== build.view.id);
  return commit !== undefined && others.some(({ sourceVersion }) => sourceVersion === commit);
}

/** Records the slug, and what the build found out about the app. */
async function keep(dir: string, built: Built, source: Source, { target, world }: Deploying): Promise<Slug> {
  const { stored, app } = target;
  const { buildpacks, language, bytes, processes, configVars } = built;
  const slug = await stored.slugs.keep(dir, {
    id: randomUUID(),
    commit: source.commit ?? null,
    processes: [...processes.values()].map(({ type, command }) => ({ type, command })),
    bytes,
    buildpacks,
    language,
    created_at: new Date(world.wall()).toISOString(),
    removed: false,
  });
  // A buildpack's config vars count at the first deploy only, and never more than the user's.
  const defaults = app.releases.isBlank ? Object.fromEntries(configVars) : {};
  await stored.update(({ config }) => ({
    ...(source.buildpacks === undefined && { buildpacks }),
    config: { ...defaults, ...config },
  }));
  return slug;
}

/** @returns the version */
async function release(slug: Slug, { bytes }: Built, { target, build }: Deploying): Promise<number> {
  const { app, url } = target;
  const { postdeploy } = app;
  const print = (text: string): void => build.output.add(text);
  let version = 0;
  let reading: Promise<void> = Promise.resolve();
  const onCreated = (made: Release, hasCommand: boolean): void => {
    version = made.version;
    print(lines.launching({ version, url, bytes, hasCommand }));
    const output = app.releases.history.outputOf(made);
    if (output) reading = copy(output.read(), print);
  };
  const outcome = await app.releases.deploy(() => slug, onCreated);
  await reading;
  if (app.releases.history.outputOf(app.releases.history.find(version)))
    print(lines.releaseEnd(outcome.outcome === 'live'));
  if (app.postdeploy !== postdeploy) await showPostdeploy(app.postdeploy, print);
  return version;
}

async function showPostdeploy(running: Postdeploy | undefined, print: (text: string) => void): Promise<void> {
  if (!running) return;
  print(lines.postdeployBegin());
  await copy(running.output.read(), print);
  print(lines.postdeployEnd(await running.failure));
}

async function copy(pieces: AsyncIterable<string>, print: (text: string) => void): Promise<void> {
  for await (const piece of pieces) print(piece);
}
