import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../base/atomic-file.js';
import { UserError } from '../base/errors.js';
import { enumerate, quote } from '../base/wording.js';
import type { GitEnvironment } from './git.js';
import { leadsOut } from './links.js';
import type { Repository } from './repository.js';
import { readTree, type Tree } from './tree.js';

export interface CheckedOut {
  /** The number of files, links and submodules. */
  readonly paths: number;
  /** Sentences about what differs from a full checkout. */
  readonly warnings: readonly string[];
}

/**
 * Checks out a commit into an empty folder. No program of the commit runs, because only git's configuration can name
 * filters and hooks, and that is dynosim's own.
 * @param incoming variables with which git finds the objects of a push
 * @throws UserError `CHECKOUT_REFUSED` if the commit is too large, or a path or link leads out of the folder. The caller
 * then removes the folder.
 */
export async function checkOut(
  repository: Repository,
  commit: string,
  dir: string,
  incoming: GitEnvironment = {},
): Promise<CheckedOut> {
  const tree = await readTree(repository, commit, incoming);
  makeFolder(dir);
  await writeTree(repository, commit, dir, incoming);
  await refuseLinksOutwards(dir, tree.links);
  return { paths: tree.paths, warnings: await warningsOf(dir, tree) };
}

/** Uses a separate index, because several checkouts may run at once. */
async function writeTree(repository: Repository, commit: string, dir: string, incoming: GitEnvironment) {
  const index = join(repository.path, `index-${randomUUID()}`);
  const env = { ...incoming, GIT_INDEX_FILE: index };
  try {
    const args = [`--work-tree=${dir}`, 'read-tree', '--reset', '-u', commit];
    const { status, stderr } = await repository.ask(args, env);
    // git itself refuses paths that lead out of the folder, through a link, or into a `.git`.
    const [why = ''] = stderr.trim().split('\n');
    if (status !== 0) throw refused(`git does not check it out: ${why}`, await hintFor(why, dir));
  } finally {
    await promises.rm(index, { force: true });
  }
}

/** @throws UserError for the first link that leads out of the folder */
async function refuseLinksOutwards(dir: string, paths: readonly string[]): Promise<void> {
  const links = new Map<string, string>();
  for (const path of paths) {
    const target = await promises.readlink(fileIn(dir, path), 'latin1');
    links.set(path, target);
  }
  for (const [path, target] of links) {
    if (leadsOut(path, links))
      throw refused(`the link ${quote(text(path))} leads out of the app: ${quote(text(target))}`);
  }
}

/** git does not say why it cannot write a file. */
async function hintFor(why: string, dir: string): Promise<string | undefined> {
  if (!why.startsWith('error: unable to write file')) return undefined;
  const { bavail, bsize } = await promises.statfs(dir);
  return `The disk of ${dir} has ${Math.floor((bavail * bsize) / 1024 ** 2)} MB left: free some space.`;
}

function refused(why: string, hint?: string): UserError {
  return new UserError('CHECKOUT_REFUSED', `The commit cannot be built: ${why}`, hint);
}

async function warningsOf(dir: string, { submodules, attributes, tiny }: Tree): Promise<readonly string[]> {
  const warnings: string[] = [];
  if (submodules.length > 0)
    warnings.push(`Submodules are not fetched. These folders are empty: ${nameSome(submodules)}.`);
  const pointers = (await mentionsLfs(dir, attributes)) ? await pointersAmong(dir, tiny) : [];
  if (pointers.length > 0)
    warnings.push(`Files in Git LFS are not fetched. These are only pointers: ${nameSome(pointers)}.`);
  return warnings;
}

async function mentionsLfs(dir: string, attributes: readonly string[]): Promise<boolean> {
  for (const path of attributes) {
    if (/\bfilter=lfs\b/.test(await readFile(dir, path))) return true;
  }
  return false;
}

async function pointersAmong(dir: string, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if ((await readFile(dir, path)).startsWith('version https://git-lfs.github.com/spec/')) found.push(path);
  }
  return found;
}

function nameSome(paths: readonly string[]): string {
  const names = paths.slice(0, 3).map((path) => quote(text(path)));
  return enumerate(paths.length > 3 ? [...names, `${paths.length - 3} more`] : names);
}

function readFile(dir: string, path: string): Promise<string> {
  return promises.readFile(fileIn(dir, path), 'latin1');
}

/** @param path as Latin-1 */
function fileIn(dir: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(path, 'latin1')]);
}

/** A path that was decoded as Latin-1, as text. */
function text(path: string): string {
  return Buffer.from(path, 'latin1').toString();
}
