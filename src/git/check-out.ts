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

/** What a checkout has come to. */
export interface CheckedOut {
  /** How many files, links and submodules. */
  readonly paths: number;
  /** What is not as the author may expect, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Checks a commit out into an empty folder, all of it and nothing else. Nothing of the commit runs: filters, like hooks,
 * come from configuration, and that is dynosim's own.
 * @param quarantine where git finds the objects of a push that is not accepted yet
 * @throws UserError `CHECKOUT_REFUSED` if files are too many, or paths or links lead out of the folder, which then is to
 * be removed
 */
export async function checkOut(
  repository: Repository,
  commit: string,
  dir: string,
  quarantine: GitEnvironment = {},
): Promise<CheckedOut> {
  const tree = await readTree(repository, commit, quarantine);
  makeFolder(dir);
  await writeTree(repository, commit, dir, quarantine);
  await refuseLinksOutwards(dir, tree.links);
  return { paths: tree.paths, warnings: await warningsOf(dir, tree) };
}

/** With an index of its own: several pushes may come at once. */
async function writeTree(repository: Repository, commit: string, dir: string, quarantine: GitEnvironment) {
  const index = join(repository.path, `index-${randomUUID()}`);
  const env = { ...quarantine, GIT_INDEX_FILE: index };
  try {
    const args = [`--work-tree=${dir}`, 'read-tree', '--reset', '-u', commit];
    const { status, stderr } = await repository.ask(args, env);
    // git checks every path: it takes none that leads out of the folder, through a link or into a `.git`.
    if (status !== 0) throw refused(`git does not check it out: ${stderr.trim().split('\n')[0] ?? ''}`);
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

function refused(why: string): UserError {
  return new UserError('CHECKOUT_REFUSED', `The commit cannot be built: ${why}`);
}

async function warningsOf(dir: string, { submodules, attributes, tiny }: Tree): Promise<readonly string[]> {
  const warnings: string[] = [];
  if (submodules.length > 0)
    warnings.push(`Submodules are not fetched, and stay empty: ${nameSome(submodules)}.`);
  const pointers = (await mentionsLfs(dir, attributes)) ? await pointersAmong(dir, tiny) : [];
  if (pointers.length > 0)
    warnings.push(`Files kept in Git LFS are not fetched, only pointers are there: ${nameSome(pointers)}.`);
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

/** A path that was read as Latin-1, for people. */
function text(path: string): string {
  return Buffer.from(path, 'latin1').toString();
}
