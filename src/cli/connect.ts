import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  findByFolder,
  findByName,
  findHosts,
  findRunning,
  type HostAddress,
  type Runtime,
} from '../api/client/discovery.js';
import { RemoteHost } from '../api/client/remote-host.js';
import { readToken, stateFolder } from '../api/client/state-folder.js';
import type { AppControl } from '../api/control.js';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import { enumerate } from '../base/wording.js';
import { appOfRemote } from './host/git-remote.js';
import { connectToTested } from './tested-app.js';

/** The flags by which every command finds its app. */
export interface AppFlags {
  /** `.` unless another one is named. */
  readonly dir: string;
  readonly app?: string;
  /** A git remote that leads to an app of a host. */
  readonly remote?: string;
}

/** A running dynosim. */
export interface HostConnection {
  readonly host: RemoteHost;
  readonly runtime: HostAddress;
  /** Opens its API. */
  readonly token: string;
}

/** A running app, and the dynosim that runs it. */
export interface Connection extends HostConnection {
  readonly app: AppControl;
}

/**
 * Connects to an app: the one named, else that of the `test` that this command is part of, else that of a `start` in this
 * folder or in one above it, else one of a host: by the folder's git remote, by HEROKU_APP, or because it is the only one.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_FOLDER`, `NO_SUCH_REMOTE`
 */
export async function connect(flags: AppFlags): Promise<Connection> {
  const connection = await tryConnect(flags);
  if (connection) return connection;
  throw await notRunning(flags);
}

async function notRunning({ app, dir }: AppFlags): Promise<UserError> {
  const where = app === undefined || dir !== '.' ? ` from ${resolve(dir)}` : '';
  return new UserError(
    'NOT_RUNNING',
    app === undefined ? `No app runs${where}` : `No app named ${app} runs${where}`,
    hintFor(await runningApps()),
  );
}

/** All that run, as a user would name them. */
async function runningApps(): Promise<readonly string[]> {
  const { state, token } = openState();
  const started = (await findRunning(state, token)).map(({ app, dir }) => `${app} (${dir})`);
  const kept = (await (await connectToHost())?.host.info())?.apps ?? [];
  return [...started, ...kept.map((app) => `${app} (in the host)`)];
}

/** How many running apps the hint names. */
const MOST_NAMED = 5;

function hintFor(running: readonly string[]): string {
  if (running.length === 0) return 'Start it with "dynosim start", or name its folder with --dir.';
  const names = running.slice(0, MOST_NAMED);
  if (running.length > names.length) names.push(`${running.length - names.length} more`);
  return `Running: ${enumerate(names)}. Name one with -a or --dir.`;
}

/**
 * As `connect`, but undefined if no app runs.
 * @throws UserError `AMBIGUOUS_APP`, `NO_FOLDER`, `NO_SUCH_REMOTE`
 */
export async function tryConnect(flags: AppFlags): Promise<Connection | undefined> {
  return (await findConnection(flags)) ?? (await onlyAppOfHost(flags));
}

/**
 * As `connect`, for commands that also work on the app of a folder that does not run. That app is preferred to the only
 * one of a host, which may be quite another.
 * @returns undefined for the folder's app
 * @throws UserError `NOT_RUNNING` if an app was named, `AMBIGUOUS_APP`, `NO_FOLDER`, `NO_SUCH_REMOTE`
 */
export async function connectUnlessHere(flags: AppFlags): Promise<Connection | undefined> {
  if (flags.app !== undefined || flags.remote !== undefined) return connect(flags);
  const isHere = hasAppFiles(appFolder(flags.dir));
  return (await findConnection(flags)) ?? (isHere ? undefined : onlyAppOfHost(flags));
}

async function findConnection(flags: AppFlags): Promise<Connection | undefined> {
  const { token } = openState();
  const tested = await connectToTested(process.env, token, flags);
  if (tested) return tested;
  const started = await findStarted(flags);
  return started ? connectionTo(started, token, started.app) : connectByName(flags);
}

/**
 * The running `start` of the app that is named, or of the folder or one above it.
 * @throws UserError `AMBIGUOUS_APP`, `NO_FOLDER`
 */
export async function findStarted({ dir, app, remote }: AppFlags): Promise<Runtime | undefined> {
  const folder = existingFolder(dir);
  if (remote !== undefined) return undefined;
  const { state, token } = openState();
  // If both are given, the name must be that of the folder's app.
  const runtime =
    app === undefined || dir !== '.'
      ? await findByFolder(state, folder, token)
      : onlyOne(app, await findByName(state, app, token));
  return app === undefined || runtime?.app === app ? runtime : undefined;
}

/** Where this user's running dynosims are found, and what opens their APIs. */
export function openState(): { readonly state: string; readonly token: string } {
  const state = stateFolder(process.env);
  return { state, token: readToken(state) };
}

function connectionTo(runtime: HostAddress, token: string, app: string): Connection {
  const host = new RemoteHost(runtime, token);
  return { app: host.appNamed(app), host, runtime, token };
}

async function connectByName(flags: AppFlags): Promise<Connection | undefined> {
  const found = await connectToHost();
  if (!found) return undefined;
  const { host, runtime, token } = found;
  const name = await nameInHost(flags, runtime);
  if (name === undefined || !(await host.info()).apps.includes(name)) return undefined;
  return connectionTo(runtime, token, name);
}

/**
 * The name by which an app of a host is meant: the one given, or that of the folder's git remote, or that of HEROKU_APP.
 * @param host undefined: any, which need not run
 * @throws UserError `NO_SUCH_REMOTE`
 */
export async function nameInHost(
  { dir, app, remote }: AppFlags,
  host: HostAddress | undefined,
): Promise<string | undefined> {
  return app ?? (await appOfRemote(resolve(dir), host, remote)) ?? process.env.HEROKU_APP;
}

/**
 * The app of a host that is the only one.
 * @throws UserError `AMBIGUOUS_APP` if there are several and none was named
 */
async function onlyAppOfHost({ app, remote, dir }: AppFlags): Promise<Connection | undefined> {
  if (app !== undefined || remote !== undefined || dir !== '.') return undefined;
  const found = await connectToHost();
  const [only, ...others] = (await found?.host.info())?.apps ?? [];
  if (!found || only === undefined) return undefined;
  if (others.length === 0) return connectionTo(found.runtime, found.token, only);
  throw new UserError(
    'AMBIGUOUS_APP',
    `No app runs from ${resolve(dir)}, and the host has ${enumerate([only, ...others])}`,
    'Name one with -a, or work in a folder whose git remote leads to one.',
  );
}

/**
 * Connects for Heroku's CLI, which finds a host's apps by git remotes itself: to the app named, to that of a `start` in
 * this folder or above, else to the host.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_FOLDER`
 */
export async function connectForHeroku(flags: AppFlags): Promise<Connection | HostConnection> {
  const { dir, app } = flags;
  const { state, token } = openState();
  const tested = await connectToTested(process.env, token, flags);
  if (tested) return tested;
  const runtime = app === undefined && (await findByFolder(state, existingFolder(dir), token));
  if (runtime) return connectionTo(runtime, token, runtime.app);
  const host = app === undefined ? await connectToHost() : undefined;
  return host ?? connect({ dir, ...(app !== undefined && { app }) });
}

/** A running dynosim with a dashboard. */
export interface DashboardConnection extends HostConnection {
  /** The app of a host of many apps to begin with. */
  readonly app?: string;
}

/**
 * Connects to the dynosim whose dashboard shows an app: as `connect`, but to a host if none of its apps is named.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_FOLDER`, `NO_SUCH_REMOTE`
 */
export async function connectForDashboard(flags: AppFlags): Promise<DashboardConnection> {
  const found = await findConnection(flags);
  if (found) {
    const { app, host, runtime, token } = found;
    return { host, runtime, token, ...('state' in runtime && { app: app.name }) };
  }
  const isNamed = flags.app !== undefined || flags.remote !== undefined;
  const host = isNamed ? undefined : await connectToHost();
  if (host) return host;
  throw await notRunning(flags);
}

/** Connects to the host of many apps, if one runs. */
export async function connectToHost(): Promise<HostConnection | undefined> {
  const { state, token } = openState();
  const [runtime] = await findHosts(state, token);
  return runtime && { host: new RemoteHost(runtime, token), runtime, token };
}

/**
 * Connects to the running app of a folder, or to any other: for commands that concern no particular app.
 * @throws UserError `NO_FOLDER`
 */
export async function connectToAny({ dir }: Pick<AppFlags, 'dir'>): Promise<HostConnection | undefined> {
  const own = (await findConnection({ dir })) ?? (await connectToHost());
  if (own) return own;
  const { state, token } = openState();
  const [first] = await findRunning(state, token);
  return first && connectionTo(first, token, first.app);
}

/**
 * The whole path of a folder.
 * @throws UserError `NO_FOLDER`
 */
export function existingFolder(dir: string): string {
  const folder = resolve(dir);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UserError('NO_FOLDER', `There is no folder ${folder}`, "Name the app's folder with --dir.");
}

/**
 * The folder of an app that does not run: the nearest one above that has a Procfile, if this one has no app's files.
 * @throws UserError `NO_FOLDER`
 */
export function appFolder(dir: string): string {
  const folder = existingFolder(dir);
  // Not in the folders above: many people have a .env in their home folder.
  if (existsSync(join(folder, '.env'))) return folder;
  const above = foldersUpwards(folder).filter((at) => dirname(at) !== at);
  return above.find(isAppFolder) ?? folder;
}

export function hasAppFiles(folder: string): boolean {
  return existsSync(join(folder, '.env')) || isAppFolder(folder);
}

function isAppFolder(folder: string): boolean {
  return ['Procfile', '.dynosimrc'].some((name) => existsSync(join(folder, name)));
}

function onlyOne(name: string, found: readonly Runtime[]): Runtime | undefined {
  if (found.length < 2) return found[0];
  const folders = enumerate(found.map(({ dir }) => dir).sort());
  throw new UserError(
    'AMBIGUOUS_APP',
    `${name} runs from ${folders}`,
    'Choose one with --dir instead of --app.',
  );
}
