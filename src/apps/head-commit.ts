import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { foldersUpwards } from '../base/folders.js';
import { readOrEmpty } from '../base/read.js';

/**
 * The commit checked out in the git work tree around a folder. Reads git's files, because running git would take longer
 * than the whole start: https://git-scm.com/docs/gitrepository-layout
 * @param unedited a file that must not have been written since git wrote the work tree
 * @returns undefined outside of a work tree, before its first commit, and where refs are kept in other ways
 */
export function headCommit(dir: string, unedited?: string): string | undefined {
  const found = foldersUpwards(dir).find((folder) =>
    statSync(join(folder, '.git'), { throwIfNoEntry: false }),
  );
  if (found === undefined) return undefined;
  const gitDir = gitDirOf(join(found, '.git'));
  if (unedited !== undefined && writtenAt(unedited) > writtenAt(join(gitDir, 'index'))) return undefined;
  const head = read(join(gitDir, 'HEAD'));
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  return commitIn(ref === undefined ? head : refIn(gitDir, ref));
}

/** `.git` is a folder; in a worktree or a submodule it is a file that names one. */
function gitDirOf(path: string): string {
  const named = /^gitdir: (.+)$/.exec(read(path))?.[1];
  return named === undefined ? path : resolve(dirname(path), named);
}

/** A worktree has its own HEAD and shares the branches. */
function refIn(gitDir: string, ref: string): string {
  const commonDir = resolve(gitDir, read(join(gitDir, 'commondir')) || '.');
  const packed = read(join(commonDir, 'packed-refs'))
    .split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return read(join(gitDir, ref)) || read(join(commonDir, ref)) || (packed?.split(' ')[0] ?? '');
}

/** Wall-clock ms; 0 if there is no such file. */
function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const read = (path: string): string => readOrEmpty(path).trim();

function commitIn(text: string): string | undefined {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.exec(text)?.[0];
}
