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

/** Writes a full log, and limits it. */
function fill(): void {
  for (let i = 0; i < 1000; i += 1) writeSync(fd, LINE);
  limitLog(file, fd)();
}

test('a full log becomes the file of older lines', () => {
  fill();
  expect(statSync(file).size).toBe(0);
  expect(statSync(`${file}.1`).size).toBe(1000 * LINE.length);
});

test('a log that was removed keeps no app from running, and does not grow unseen', () => {
  rmSync(file);
  fill();
  expect(fstatSync(fd).size).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test('a log whose older lines cannot be kept stays small', () => {
  mkdirSync(`${file}.1`);
  fill();
  expect(statSync(file).size).toBe(0);
});
