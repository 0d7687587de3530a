import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { EnvLayer } from '../../../src/config/env-layer.js';
import { makeFolder } from '../../helpers/folder.js';

function open(files: Readonly<Record<string, string>>, envFiles: readonly string[] = []) {
  const dir = makeFolder(files);
  const layer = new EnvLayer({ dir, envFiles, clock: systemClock, shell: {} });
  const values = () => Object.fromEntries([...layer.vars()].map(([key, { value }]) => [key, value]));
  return { layer, values, save: (text: string, name = '.env') => writeFileSync(join(dir, name), text), dir };
}

test('returns the contents of the files as last read', () => {
  const { layer, values, save } = open({ '.env': 'A=1\n' });
  save('A=2\n');
  expect(values()).toEqual({ A: '1' });
  layer.read();
  expect(values()).toEqual({ A: '2' });
});

test('keeps what it has read if the files cannot be read any more', () => {
  const { layer, values, dir } = open({ 'a.env': 'A=1\n' }, ['a.env']);
  rmSync(join(dir, 'a.env'));
  expect(() => layer.read()).toThrow(expect.objectContaining({ code: 'ENV_FILE_MISSING' }));
  expect(values()).toEqual({ A: '1' });
});

test('writes to the files, and keeps other programs’ edits out of the layer', async () => {
  const { layer, values, save } = open({ '.env': 'A=1\n' });
  save('A=1\nB=1\n');
  expect(await layer.write(new Map([['A', '2']]))).toEqual([]);
  expect(values()).toEqual({ A: '2' });
  layer.read();
  expect(values()).toEqual({ A: '2', B: '1' });
});

test('keeps what came through a pipe, which can be read only once', () => {
  const { layer, values, save, dir } = open({ '.env': 'A=1\n', pipe: 'B=1\n' }, ['.env', 'pipe']);
  rmSync(join(dir, 'pipe'));
  symlinkSync('/dev/null', join(dir, 'pipe'));
  save('A=2\n');
  layer.read();
  expect(values()).toEqual({ A: '2', B: '1' });
});

describe('a rollback', () => {
  /** The file has A=2 and B=2; A=1 is set, as before. */
  async function rolledBack() {
    const opened = open({ '.env': 'A=1\n' });
    const before = opened.layer.vars();
    await opened.layer.write(new Map([['A', '2']]));
    await opened.layer.write(new Map([['B', '2']]));
    await opened.layer.rollBack(before);
    expect(opened.values()).toEqual({ A: '1' });
    return opened;
  }

  test('writes no file, and lasts until an edit', async () => {
    const { layer, values, dir } = await rolledBack();
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('A=2\nB=2\n');
    // The watch notices dynosim's own change.
    layer.read();
    expect(values()).toEqual({ A: '1' });
    expect([...layer.saved.keys()]).toEqual(['A', 'B']);
  });

  test('ends for each var that is edited or set, and for no other', async () => {
    const { layer, values, save } = await rolledBack();
    save('A=2\nB=3\nC=1\n');
    layer.read();
    expect(values()).toEqual({ A: '1', B: '3', C: '1' });
    save('A=2\nB=2\n');
    layer.read();
    expect(values()).toEqual({ A: '1', B: '2' });
    await layer.write(new Map([['A', '4']]));
    expect(values()).toEqual({ A: '4', B: '2' });
  });
});

test('values from a pipe count less than those from later files', () => {
  const { layer, values, save, dir } = open({ pipe: 'A=1\nB=1\n', '.env': '' }, ['pipe', '.env']);
  rmSync(join(dir, 'pipe'));
  symlinkSync('/dev/null', join(dir, 'pipe'));
  save('A=2\n');
  layer.read();
  expect(values()).toEqual({ A: '2', B: '1' });
});
