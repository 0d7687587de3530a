import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppFiles } from '../../../src/apps/app-files.js';
import { systemClock } from '../../../src/base/clock.js';
import { makeFolder } from '../../helpers/folder.js';

const COMMIT = 'a'.repeat(40);

test('an edited env file does not lose the commit of an app whose Procfile git has not yet seen', () => {
  const dir = makeFolder({ '.git/HEAD': `${COMMIT}\n`, '.git/index': '', Procfile: 'web: a\n', '.env': '' });
  const save = (name: string, text: string): void => writeFileSync(join(dir, name), text);
  utimesSync(join(dir, '.git/index'), 1000, 1000);
  const files = new AppFiles({ dir, procfile: 'Procfile', envFiles: [] }, { clock: systemClock, shell: {} });
  expect(files.slug.commit).toBe(COMMIT);
  save('.env', 'A=1\n');
  files.read(() => {});
  expect(files.slug.commit).toBe(COMMIT);
  save('Procfile', '# a comment\nweb: a\n');
  files.read(() => {});
  expect(files.slug.commit).toBe(COMMIT);
  save('Procfile', 'web: b\n');
  files.read(() => {});
  expect(files.slug.commit).toBeUndefined();
});
