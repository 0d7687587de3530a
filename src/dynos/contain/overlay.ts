import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { makeFolder } from '../../base/atomic-file.js';
import { errorMessage } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';
import type { Containment, TreeSpec } from './containment.js';

/**
 * Tries whether trees can run behind an overlay. Takes milliseconds, regardless of the folder's size.
 * @param dir the real path of the folder that they run in
 * @param overlay as in `TreeSpec`; created if necessary
 * @returns why they cannot; undefined if they can
 */
export async function whyNoOverlay(
  containment: Pick<Containment, 'start'>,
  dir: string,
  overlay: string,
): Promise<string | undefined> {
  try {
    makeFolder(overlay);
    return problemOf(dir, overlay) ?? (await attempt(containment, dir, overlay));
  } catch (error) {
    return errorMessage(error);
  }
}

/**
 * Changes a tree so that it sees its folder as another tree does, whose overlay it would not see: it enters that one's
 * namespaces, with util-linux's `nsenter`.
 * @param pid the other tree's first process
 */
export function besideTree({ overlay, words, command, ...spec }: TreeSpec, pid: number): TreeSpec {
  if (overlay === undefined) return { ...spec, words, command };
  // Root has put the overlay there without a user namespace.
  const users = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const enter = ['nsenter', '--target', String(pid), ...users, '--mount'] as const;
  // The folder that it has been in so far is not the one behind the overlay.
  const inFolder = ['sh', '-c', 'cd "$0" && exec "$@"', spec.cwd] as const;
  return { ...spec, command: [...enter, ...inFolder, ...command] };
}

function problemOf(dir: string, overlay: string): string | undefined {
  if (isBelow(dir, realFolder(overlay))) return `${overlay} is inside ${dir}`;
  // The overlay would not contain what is mounted there.
  const mount = mountPoints().find((path) => isBelow(dir, path));
  return mount === undefined ? undefined : `something else is mounted at ${mount}`;
}

async function attempt(
  containment: Pick<Containment, 'start'>,
  cwd: string,
  overlay: string,
): Promise<string | undefined> {
  const command = ['/bin/sh', '-c', ':'] as const;
  const tree = await containment.start({ name: 'probe', cwd, overlay, env: {}, command });
  const said = (await text(tree.output)).trim();
  const { status } = await tree.exited;
  return status === 0 ? undefined : said || `status ${status}`;
}

function isBelow(dir: string, path: string): boolean {
  return path.startsWith(dir === '/' ? dir : `${dir}/`);
}

/** Where something is mounted, as far as the system tells. */
function mountPoints(): readonly string[] {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    return lines.map((line) => unquote(line.split(' ')[4] ?? ''));
  } catch {
    return [];
  }
}

/** The kernel writes a space as `\040`. */
function unquote(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
