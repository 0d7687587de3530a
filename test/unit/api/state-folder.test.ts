import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appStateFolder } from '../../../src/api/client/state-folder.js';
import { makeFolder } from '../../helpers/folder.js';

test('an app has one state folder, independent of links to its own folder', () => {
  const dir = makeFolder();
  mkdirSync(join(dir, 'shop'));
  symlinkSync('shop', join(dir, 'link'));
  const folder = appStateFolder('/state', join(dir, 'shop'));
  expect(folder).toMatch(/^\/state\/apps\/shop-[0-9a-f]{8}$/);
  expect(appStateFolder('/state', join(dir, 'link'))).toBe(folder);
});
