import { closeSync, existsSync, fstatSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limitLog } from '../../../../src/cli/background/limit-log.js';
import { makeFolder } from '../../../helpers/folder.js';

const LINE = `${'x'.repeat(6 * 1024)}\n`;
let file: string;
let fd: number;

beforeEach(() => {
  file = join(makeFolder(), 'start.log');
  fd = openSync(file, 'a');
});

afterEach(() => closeSync(fd));

function writeLines(count: number): void {
  const limit = limitLog(file, fd);
  for (let i = 0; i < count; i += 1) {
    writeSync(fd, LINE);
    limit();
  }
}

test('a full log becomes the file of older lines', () => {
  writeLines(1000);
  expect(statSync(file).size).toBe(0);
  expect(statSync(`${file}.1`).size).toBe(1000 * LINE.length);
});

test('a log that was removed keeps no app from running, and does not grow unseen', () => {
  rmSync(file);
  writeLines(1000);
  expect(fstatSync(fd).size).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test('a log whose older lines cannot be kept stays small', () => {
  mkdirSync(`${file}.1`);
  writeLines(1000);
  expect(statSync(file).size).toBe(0);
});
