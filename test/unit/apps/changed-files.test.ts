import { expect, test } from 'vitest';
import { ChangedFiles } from '../../../src/apps/watch/changed-files.js';

const ALL = () => true;
const NONE = () => false;

test('files that were changed, made or removed, each once', () => {
  const files = new ChangedFiles();
  for (const event of ['change', 'change', 'unlink', 'add']) files.note(event, 'a.js');
  files.note('add', 'b.js');
  files.note('unlink', 'c.js');
  expect(files.take((file) => file !== 'c.js')).toEqual(['a.js', 'b.js', 'c.js']);
  expect(files.take(ALL)).toEqual([]);
});

test('a file that comes and goes does not count', () => {
  const files = new ChangedFiles();
  files.note('add', 'sedAbCdEf');
  files.note('change', 'sedAbCdEf');
  files.note('unlink', 'sedAbCdEf');
  expect(files.take(NONE)).toEqual([]);
});

test('one that was there, and is gone after some back and forth, does', () => {
  const files = new ChangedFiles();
  for (const event of ['unlink', 'add', 'unlink']) files.note(event, 'a.js');
  expect(files.take(NONE)).toEqual(['a.js']);
});

test('nor one that is gone before its removal is reported', () => {
  const files = new ChangedFiles();
  files.note('add', 'sedAbCdEf');
  expect(files.take(NONE)).toEqual([]);
  files.note('unlink', 'sedAbCdEf');
  expect(files.take(NONE)).toEqual([]);
});

test('a new file that stays counts, and so does its end later on', () => {
  const files = new ChangedFiles();
  files.note('add', 'a.js');
  expect(files.take(ALL)).toEqual(['a.js']);
  files.note('unlink', 'a.js');
  expect(files.take(NONE)).toEqual(['a.js']);
});
