import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appStateFolder, readToken, stateFolder, tokenFile } from '../../../src/api/client/state-folder.js';
import { makeFolder } from '../../helpers/folder.js';

test('an app has one state folder, independent of links to its own folder', () => {
  const dir = makeFolder();
  mkdirSync(join(dir, 'shop'));
  symlinkSync('shop', join(dir, 'link'));
  const folder = appStateFolder('/state', join(dir, 'shop'));
  expect(folder).toMatch(/^\/state\/apps\/shop-[0-9a-f]{8}$/);
  expect(appStateFolder('/state', join(dir, 'link'))).toBe(folder);
});

test.each([
  ['/mine', '/mine/dynosim'],
  ['', '/home/me/.local/state/dynosim'],
  // It would be another folder wherever a command is called.
  ['mine', '/home/me/.local/state/dynosim'],
])('with XDG_STATE_HOME=%s, state is kept in %s', (given, folder) => {
  expect(stateFolder({ XDG_STATE_HOME: given, HOME: '/home/me' })).toBe(folder);
});

test.each([
  ['empty', ''],
  ['blank', ' \n'],
  ['full of zeros', '\0'.repeat(44)],
])('a token file that is %s is replaced: its content would open the API to everybody', (_, content) => {
  const state = makeFolder();
  writeFileSync(tokenFile(state), content);
  const token = readToken(state);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(readFileSync(tokenFile(state), 'utf8')).toBe(`${token}\n`);
  expect(readToken(state)).toBe(token);
});
