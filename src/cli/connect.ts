import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findByFolder, findByName, findRunning, type Runtime } from '../api/client/discovery.js';
import { RemoteHost } from '../api/client/remote-host.js';
import { readToken, stateFolder } from '../api/client/state-folder.js';
import type { AppControl } from '../api/control.js';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import { enumerate } from '../base/wording.js';

/** The flags by which every command finds its app. */
export interface AppFlags {
  /** `.` unless another one is named. */
  readonly dir: string;
  readonly app?: string;
}

/** A running app, and the dynosim that runs it. */
export interface Connection {
  readonly app: AppControl;
  readonly host: RemoteHost;
  readonly runtime: Runtime;
  /** Opens its API. */
  readonly token: string;
}

/**
 * Connects to the dynosim that runs an app: the one named, else the one of this folder or of one above it.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_FOLDER`
 */
export async function connect(flags: AppFlags): Promise<Connection> {
  const connection = await tryConnect(flags);
  if (connection) return connection;
  const { app, dir } = flags;
  const where = app === undefined || dir !== '.' ? ` from ${resolve(dir)}` : '';
  const { state, token } = openState();
  throw new UserError(
    'NOT_RUNNING',
    app === undefined ? `No app runs${where}` : `No app named ${app} runs${where}`,
    hintFor(await findRunning(state, token)),
  );
}

/** How many running apps the hint names. */
const MOST_NAMED = 5;

function hintFor(running: readonly Runtime[]): string {
  if (running.length === 0) return 'Start it with "dynosim start", or name its folder with --dir.';
  const names = running.slice(0, MOST_NAMED).map(({ app, dir }) => `${app} (${dir})`);
  if (running.length > names.length) names.push(`${running.length - names.length} more`);
  return `Running: ${enumerate(names)}. Name one with -a or --dir.`;
}

/**
 * As `connect`, for commands that also work without a running app.
 * @throws UserError `AMBIGUOUS_APP`, `NO_FOLDER`
 */
export async function tryConnect({ dir, app }: AppFlags): Promise<Connection | undefined> {
  const folder = existingFolder(dir);
  const { state, token } = openState();
  // If both are given, the name must be that of the folder's app.
  const runtime =
    app === undefined || dir !== '.'
      ? await findByFolder(state, folder, token)
      : onlyOne(app, await findByName(state, app, token));
  if (!runtime || (app !== undefined && runtime.app !== app)) return undefined;
  return connectionTo(runtime, token);
}

/** Where this user's running dynosims are found, and what opens their APIs. */
export function openState(): { readonly state: string; readonly token: string } {
  const state = stateFolder(process.env);
  return { state, token: readToken(state) };
}

function connectionTo(runtime: Runtime, token: string): Connection {
  const host = new RemoteHost(runtime.api, token);
  return { app: host.appNamed(runtime.app), host, runtime, token };
}

/**
 * Connects to the running app of a folder, or to any other: for commands that concern no particular app.
 * @throws UserError `NO_FOLDER`
 */
export async function connectToAny({ dir }: Pick<AppFlags, 'dir'>): Promise<Connection | undefined> {
  const own = await tryConnect({ dir });
  if (own) return own;
  const { state, token } = openState();
  const [first] = await findRunning(state, token);
  return first && connectionTo(first, token);
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
  return above.find((at) => ['Procfile', '.dynosimrc'].some((name) => existsSync(join(at, name)))) ?? folder;
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
