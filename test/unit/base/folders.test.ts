import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldersUpwards, realFolder } from '../../../src/base/folders.js';
import { makeFolder } from '../../helpers/folder.js';

function makeLinks(): string {
  const dir = realpathSync(makeFolder());
  mkdirSync(join(dir, 'apps/real/sub'), { recursive: true });
  symlinkSync('apps/real', join(dir, 'link'));
  symlinkSync('/usr', join(dir, 'apps/real/elsewhere'));
  return dir;
}

test('a folder has one real path, independent of links', () => {
  const dir = makeLinks();
  expect(realFolder(join(dir, 'link'))).toBe(join(dir, 'apps/real'));
  expect(realFolder(join(dir, 'link/sub'))).toBe(join(dir, 'apps/real/sub'));
  expect(realFolder(join(dir, 'none'))).toBe(join(dir, 'none'));
});

test('the folders above a link are those above its target, then those of its own path', () => {
  const dir = makeLinks();
  const above = foldersUpwards(join(dir, 'link/sub'));
  expect(above.slice(0, 3)).toEqual([join(dir, 'apps/real/sub'), join(dir, 'apps/real'), join(dir, 'apps')]);
  const elsewhere = foldersUpwards(join(dir, 'link/elsewhere'));
  expect(elsewhere.slice(0, 3)).toEqual(['/usr', '/', join(dir, 'apps/real')]);
});
