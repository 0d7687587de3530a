import { mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../base/errors.js';
import type { CommandLine, Programs } from '../../base/process.js';
import { namesIn } from '../../base/read.js';

/** A throw-away copy of an app's folder. */
export interface Copy {
  readonly dir: string;
  remove(): Promise<void>;
}

export const CANNOT_COPY = 'CANNOT_COPY';

const PREFIX = 'dynosim-doctor-';

/** The name of each folder above the copy: one for each folder above the app's own. */
const ABOVE = 'above';

/** No examination takes this long: what is older was left by one that was killed. */
const LEFT_MS = 60 * 60_000;

/** What programs look for in the folders above their own: modules, and whether these are ES modules. */
const SEEN_FROM_BELOW = ['node_modules', 'package.json', 'pnpm-workspace.yaml'];

/** As a repository it could be large, and Heroku gives dynos none. */
const NOT_COPIED = '.git';

/**
 * Copies an app's folder, without git's, into a temporary one. A file system that can do so shares the data. Folders
 * above it look from the copy as from the app.
 * @param tmp the folder for temporary ones
 * @throws UserError `CANNOT_COPY`
 */
export async function copyApp(
  dir: string,
  tmp: string,
  { run }: Programs,
  signal: AbortSignal,
): Promise<Copy> {
  const root = await mkdtemp(join(tmp, PREFIX));
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 10 });
  try {
    const copy = await makeUpwards(dir, root);
    const names = (await readdir(dir)).filter((name) => name !== NOT_COPIED);
    if (names.length > 0) await copyInto(copy, dir, names, run, signal);
    return { dir: copy, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function copyInto(
  to: string,
  from: string,
  names: readonly string[],
  run: Programs['run'],
  signal: AbortSignal,
): Promise<void> {
  const command: CommandLine = ['cp', '-a', '--', ...names.map((name) => join(from, name)), to];
  const copying = run(command);
  const onAbort = (): void => copying.kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  const { stderr, status } = await copying.finished;
  signal.removeEventListener('abort', onAbort);
  signal.throwIfAborted();
  if (status === 0) return;
  const [reason = `cp exited with status ${status}`] = stderr.split('\n');
  throw new UserError(CANNOT_COPY, `The app's folder cannot be copied to ${to}: ${reason}`);
}

/** Makes the copy's folder, below as many folders as the app's own has above it up to its repository. */
async function makeUpwards(dir: string, root: string): Promise<string> {
  let copy = root;
  for (const above of foldersAbove(dir).reverse()) {
    const seen = namesIn(above).filter((name) => SEEN_FROM_BELOW.includes(name));
    for (const name of seen) await symlink(join(above, name), join(copy, name));
    copy = join(copy, ABOVE);
    await mkdir(copy);
  }
  copy = join(copy, basename(dir) || 'app');
  await mkdir(copy);
  return copy;
}

/** The folders above the app's, nearest first, up to the one of its repository. */
function foldersAbove(dir: string): string[] {
  const above: string[] = [];
  for (let at = dir; !namesIn(at).includes(NOT_COPIED) && dirname(at) !== at; ) {
    at = dirname(at);
    above.push(at);
  }
  return above;
}

const PATH_OF_COPY = new RegExp(`[^\\s'"\`(=]*/${PREFIX}[\\w-]+(?:/${ABOVE})*/[^\\s'"\`/)]+`, 'g');

/** A text of an app in which the paths of its copy are relative to that: `scandir './migrations'`. */
export function withoutCopy(text: string): string {
  return text.replace(PATH_OF_COPY, '.');
}

/** Removes copies that killed examinations have left. */
export async function removeLeftCopies(tmp: string, now: number): Promise<void> {
  for (const name of namesIn(tmp).filter((one) => one.startsWith(PREFIX))) {
    const root = join(tmp, name);
    const { mtimeMs } = await stat(root).catch(() => ({ mtimeMs: now }));
    // Those of other users cannot be removed.
    if (now - mtimeMs > LEFT_MS) await rm(root, { recursive: true, force: true }).catch(() => {});
  }
}
