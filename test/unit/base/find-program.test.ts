import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram } from '../../../src/base/find-program.js';
import { makeFolder } from '../../helpers/folder.js';

function setup() {
  const dir = makeFolder({ 'first/tool': '', 'second/tool': '', 'second/data': '', 'first/folder/': '' });
  for (const file of ['first/tool', 'second/tool']) chmodSync(join(dir, file), 0o755);
  const path = ['/nowhere', 'first', 'second'].map((name) => join(dir, name)).join(':');
  return { dir, path };
}

test('the first program of that name on the PATH is found', () => {
  const { dir, path } = setup();
  expect(findProgram('tool', path)).toBe(join(dir, 'first/tool'));
  expect(findProgram('tool', join(dir, 'second'))).toBe(join(dir, 'second/tool'));
});

test.each(['data', 'folder', 'missing', ''])('"%s" is not a program', (name) => {
  expect(findProgram(name, setup().path)).toBeUndefined();
});

test('a name with a slash is a path', () => {
  const { dir, path } = setup();
  expect(findProgram(join(dir, 'second/tool'), '')).toBe(join(dir, 'second/tool'));
  expect(findProgram('./tool', path)).toBeUndefined();
});
