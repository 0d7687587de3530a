import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Git } from '../../../src/git/git.js';
import { Repository } from '../../../src/git/repository.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock } from '../../helpers/manual-clock.js';

test('without git on the PATH, a repository cannot be opened', async () => {
  const dir = makeFolder();
  const git = new Git(dir, join(dir, 'hooks'));
  const opened = Repository.open(join(dir, 'repo.git'), git, new ManualClock());
  await expect(opened).rejects.toMatchObject({ code: 'NO_GIT' });
});

/** A folder of the system on a disk where nothing can be executed. */
const noexec = readFileSync('/proc/mounts', 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .find(
    ([, folder = '', , options = '']) => folder === '/dev/shm' && /\brw\b.*\bnoexec\b/.test(options),
  )?.[1];

test.skipIf(noexec === undefined)('git must be able to run the hook, or every push would be accepted', () => {
  const dir = join(noexec ?? '', `dynosim-${process.pid}`);
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  expect(() => new Git(process.env.PATH ?? '', dir)).toThrow(
    expect.objectContaining({ code: 'HOOK_NOT_EXECUTABLE' }),
  );
});
