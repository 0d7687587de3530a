/**
 * What a Node.js build keeps for the next one. The packages themselves are in the package manager's own cache, which all
 * of this machine shares: what is there needs no network.
 */

import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { textOf } from '../../config/folder.js';
import { copyFolder } from '../copy-folder.js';
import { details, heading } from '../lines.js';
import { print, run, type Step } from '../step.js';

export interface CacheFacts {
  readonly dir: string;
  readonly status: 'disabled' | 'empty' | 'valid' | 'outdated';
  /** What it was built with: of another one nothing is used. */
  readonly signature: string;
  readonly manager: 'npm' | 'yarn' | 'pnpm';
  /** The folders that package.json names. */
  readonly folders: readonly {
    readonly path: string;
    readonly isThere: boolean;
    readonly isCached: boolean;
  }[];
}

/** @param cacheDirectories as package.json names them */
export function readCacheFacts(
  {
    dir,
    cacheDir,
    isEnabled,
  }: { readonly dir: string; readonly cacheDir: string; readonly isEnabled: boolean },
  { manager, signature }: Pick<CacheFacts, 'manager' | 'signature'>,
  cacheDirectories: readonly string[],
): CacheFacts {
  const own = join(cacheDir, 'node');
  const former = textOf(join(own, 'signature')).trim();
  const isInApp = (path: string): boolean => !/^(?:\/|\.\.?(?:\/|$))/.test(normalize(path));
  return {
    dir: own,
    status: !isEnabled ? 'disabled' : former === '' ? 'empty' : former === signature ? 'valid' : 'outdated',
    signature,
    manager,
    folders: cacheDirectories.filter(isInApp).map((path) => ({
      path,
      isThere: existsSync(join(dir, path)),
      isCached: existsSync(join(own, 'folders', path)),
    })),
  };
}

export function restoreCache(cache: CacheFacts): readonly Step[] {
  switch (cache.status) {
    case 'empty':
      return [];
    case 'disabled':
      return tell('Restoring cache', 'Caching has been disabled because NODE_MODULES_CACHE=false');
    case 'outdated':
      return [...tell('Restoring cache', ...outdated(cache)), run(['rm', '-rf', cache.dir], [])];
    case 'valid':
      return cache.folders.length > 0
        ? restoreFolders(cache)
        : tell('Restoring cache', `- ${cache.manager} cache`);
  }
}

/** After the dependencies are installed, and before those of the build alone are removed. */
export function saveCache({ status, folders, manager, dir, signature }: CacheFacts): readonly Step[] {
  if (status === 'disabled') return [run(['rm', '-rf', dir], [])];
  const lines = ['Saving cacheDirectories (package.json):', ...folders.map(({ path }) => `- ${path}`)];
  return [
    ...tell('Caching build', ...(folders.length > 0 ? lines : [`- ${manager} cache`])),
    run(['rm', '-rf', join(dir, 'folders')], []),
    ...folders.map(({ path }) => copyFolder(path, join(dir, 'folders', path))),
    run(['bash', '-c', 'mkdir -p "$0" && echo "$1" >"$0/signature"', dir, signature], []),
  ];
}

function restoreFolders({ dir, folders }: CacheFacts): readonly Step[] {
  const lines = folders.map(({ path, isThere, isCached }) => {
    if (isThere) return `- ${path} (exists - skipping)`;
    return isCached ? `- ${path}` : `- ${path} (not cached - skipping)`;
  });
  return [
    ...tell('Restoring cache', 'Loading from cacheDirectories (package.json):', ...lines),
    ...folders
      .filter(({ isThere, isCached }) => isCached && !isThere)
      .map(({ path }) => copyFolder(join(dir, 'folders', path), path)),
  ];
}

function outdated({ folders }: CacheFacts): readonly string[] {
  if (folders.length > 0)
    return [
      'Invalidating cache due to a change in version of node, npm, yarn or stack',
      'Will not restore the following directories for this build:',
      ...folders.map(({ path }) => `  ${path}`),
    ];
  return [
    'Cached directories were not restored due to a change in version of node, npm, yarn or stack',
    'Module installation may take longer for this build',
  ];
}

function tell(title: string, ...lines: readonly string[]): readonly Step[] {
  return [print(`\n${heading(title)}${details(...lines)}`)];
}
