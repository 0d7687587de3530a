import { readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createFile, linkUnlessThere, replaceFile } from '../../base/atomic-file.js';
import { errorCode, UserError } from '../../base/errors.js';
import { foldersUpwards } from '../../base/folders.js';
import { fingerprint } from '../../base/ids.js';
import { namesIn } from '../../base/read.js';
import { ApiError } from '../server/errors.js';
import { type ApiAddress, ControlClient, NoAnswer } from './control-client.js';
import { appStateFolder, appsFolder, orUnusable } from './state-folder.js';

/** A running dynosim, and its URLs. */
export interface HostAddress extends ApiAddress {
  readonly pid: number;
  readonly router: string;
  /** The URL of the dashboard's page, if there is one. */
  readonly dashboard?: string;
}

/** The contents of the runtime file, with which other processes find a running app. */
export interface Runtime extends HostAddress {
  readonly app: string;
  readonly dir: string;
}

/** The contents of `host.json` in the state folder of a host of many apps. */
export interface HostRuntime extends HostAddress {
  /** Its state folder. */
  readonly state: string;
}

/**
 * Claims an app's folder, or a host's, so that no second dynosim runs it. Removes the runtime file of a dynosim that no
 * longer responds.
 * @returns a function that releases the folder
 * @throws UserError `ALREADY_RUNNING`, `STATE_UNUSABLE`
 */
export async function claim(
  file: string,
  runtime: Runtime | HostRuntime,
  token: string,
): Promise<() => void> {
  const text = `${JSON.stringify(runtime, undefined, 2)}\n`;
  while (!orUnusable(dirname(file), () => createFile(file, text))) await removeIfStale(file, token);
  return () => {
    if (readRuntime(file)?.instance === runtime.instance) rmSync(file, { force: true });
  };
}

/**
 * Makes sure that no other dynosim runs the app.
 * @returns the contents of a stale runtime file, if there is one
 * @throws UserError `ALREADY_RUNNING`
 */
export async function refuseSecond(file: string, token: string): Promise<HostAddress | undefined> {
  const other = readRuntime<Runtime | HostRuntime>(file);
  if (other === undefined || !(await isRunning(other, token))) return other;
  const where = `(pid ${other.pid}, ${other.router})`;
  throw 'app' in other
    ? new UserError(
        'ALREADY_RUNNING',
        `${other.app} already runs from ${other.dir} ${where}`,
        'See it with "dynosim ps", stop it with "dynosim stop".',
      )
    : new UserError(
        'ALREADY_RUNNING',
        `A host already runs with its state in ${other.state} ${where}`,
        'See it with "dynosim host:info", stop it with "dynosim host:stop".',
      );
}

async function removeIfStale(file: string, token: string): Promise<void> {
  const other = await refuseSecond(file, token);
  // Rename it first: if another start has just replaced the file, it must not be removed.
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readRuntime(aside)?.instance !== other?.instance) linkUnlessThere(aside, file);
  // A container engine makes a folder for a volume that is not there.
  rmSync(aside, { recursive: true, force: true });
}

/** @param appState the app's folder in the state folder */
export function runtimeFile(appState: string): string {
  return join(appState, 'runtime.json');
}

/** undefined if the file does not exist or cannot be read. */
function readRuntime<T extends HostAddress = Runtime>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Whether this instance of dynosim still responds. */
export async function isRunning(
  runtime: ApiAddress & Pick<HostAddress, 'pid'>,
  token: string,
): Promise<boolean> {
  try {
    return await new ControlClient(runtime, token).isGenuine();
  } catch (error) {
    // It accepts connections but is too busy to respond, or has no file descriptor left for them (ECONNRESET), or the token
    // was replaced after it started: the next request will report that. If its process is gone, another program has its port.
    const isMute =
      error instanceof NoAnswer ||
      errorCode(error) === 'ECONNRESET' ||
      (error instanceof ApiError && error.status === 401);
    return isMute && isAlive(runtime.pid);
  }
}

/** Whether a process is alive. A zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Finds the dynosim that runs in a folder or in one above it. Skips stale runtime files. */
export async function findByFolder(state: string, dir: string, token: string): Promise<Runtime | undefined> {
  for (const folder of foldersUpwards(dir)) {
    const runtime = readRuntime(runtimeFile(appStateFolder(state, folder)));
    if (runtime && (await isRunning(runtime, token))) return runtime;
  }
  return undefined;
}

/** The file with which other processes find the host of a state folder. */
export function hostFile(state: string): string {
  return join(state, 'host.json');
}

/**
 * Lets commands find a host, independent of its state folder.
 * @param state dynosim's own state folder
 * @returns a function that undoes this
 */
export function announceHost(state: string, runtime: HostRuntime): () => void {
  const name = fingerprint(runtime.state).slice(0, 8);
  const file = join(state, 'hosts', `${name}.json`);
  orUnusable(state, () => replaceFile(file, JSON.stringify(runtime)));
  return () => rmSync(file, { force: true });
}

/** Finds all running hosts of many apps. */
export async function findHosts(state: string, token: string): Promise<readonly HostRuntime[]> {
  const folder = join(state, 'hosts');
  const runtimes = namesIn(folder).flatMap((name) => readRuntime<HostRuntime>(join(folder, name)) ?? []);
  return runningOf(runtimes, token);
}

/** Finds all running apps with this name: there may be several, in different folders. */
export async function findByName(state: string, name: string, token: string): Promise<readonly Runtime[]> {
  return runningOf(
    listRuntimes(state).filter(({ app }) => app === name),
    token,
  );
}

/** Finds all running apps, in the order of their folders. */
export async function findRunning(state: string, token: string): Promise<readonly Runtime[]> {
  return runningOf(listRuntimes(state), token);
}

async function runningOf<T extends HostAddress>(
  runtimes: readonly T[],
  token: string,
): Promise<readonly T[]> {
  const answers = await Promise.all(runtimes.map((runtime) => isRunning(runtime, token)));
  return runtimes.filter((_, index) => answers[index]);
}

function listRuntimes(state: string): readonly Runtime[] {
  const folders = namesIn(appsFolder(state)).map((folder) => join(appsFolder(state), folder));
  return folders.flatMap((folder) => readRuntime(runtimeFile(folder)) ?? []);
}
