import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headCommit } from '../../../src/apps/head-commit.js';
import { makeFolder } from '../../helpers/folder.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

test.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
  ['of a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${A}\n` }, '.', A],
  ['in a folder below', { '.git/HEAD': `${A}\n`, 'apps/web/Procfile': '' }, 'apps/web', A],
  [
    'of a branch in packed-refs, unless it has been moved since',
    {
      '.git/HEAD': 'ref: refs/heads/x/y\n',
      '.git/packed-refs': `# pack-refs with: peeled\n${A} refs/heads/y\n${B} refs/heads/x/y\n^${A}\n`,
    },
    '.',
    B,
  ],
  [
    'of a worktree, whose branches are elsewhere',
    {
      'tree/.git': 'gitdir: ../main/.git/worktrees/tree\n',
      'main/.git/HEAD': `${A}\n`,
      'main/.git/worktrees/tree/HEAD': 'ref: refs/heads/topic\n',
      'main/.git/worktrees/tree/commondir': '../..\n',
      'main/.git/refs/heads/topic': `${B}\n`,
    },
    'tree',
    B,
  ],
  ['is not there before the first', { '.git/HEAD': 'ref: refs/heads/main\n' }, '.', undefined],
  [
    'is not there if refs are kept in another way',
    { '.git/HEAD': 'ref: refs/heads/.invalid\n' },
    '.',
    undefined,
  ],
  ['is not read from what is no repository', { '.git/config': '' }, '.', undefined],
])('the commit that is checked out, %s', (_, files, where, commit) => {
  expect(headCommit(join(makeFolder(files), where))).toBe(commit);
});

test('a file that was written after git wrote the work tree is not of that commit', () => {
  const dir = makeFolder({ '.git/HEAD': `${A}\n`, '.git/index': '', Procfile: '' });
  const [index, procfile] = [join(dir, '.git/index'), join(dir, 'Procfile')];
  utimesSync(index, 2000, 2000);
  utimesSync(procfile, 1000, 1000);
  expect(headCommit(dir, procfile)).toBe(A);
  utimesSync(procfile, 3000, 3000);
  expect(headCommit(dir, procfile)).toBeUndefined();
});
