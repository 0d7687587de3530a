import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { EnvLayer } from '../../../src/config/env-layer.js';
import { makeFolder } from '../../helpers/folder.js';

function open(files: Readonly<Record<string, string>>, envFiles: readonly string[] = []) {
  const dir = makeFolder(files);
  const layer = new EnvLayer({ dir, envFiles, clock: systemClock, shell: {} });
  const values = () => Object.fromEntries([...layer.vars()].map(([key, { value }]) => [key, value]));
  return { layer, values, save: (text: string, name = '.env') => writeFileSync(join(dir, name), text), dir };
}

test('says what the files said when they were last read', () => {
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

test('writes into the files, and takes over nothing else that somebody has written meanwhile', async () => {
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
