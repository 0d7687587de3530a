import { expect, test } from 'vitest';
import { changedFiles } from '../../../../src/doctor/app/written.js';

test('new and changed files were written, removed ones were not', () => {
  const before = new Map([
    ['same.txt', '1'],
    ['changed.txt', '1'],
    ['removed.txt', '1'],
  ]);
  const after = new Map([
    ['same.txt', '1'],
    ['new.txt', '1'],
    ['changed.txt', '2'],
  ]);
  expect(changedFiles(before, after)).toEqual(['changed.txt', 'new.txt']);
});

test("a database's journals count as the database", () => {
  const after = new Map([
    ['db/app.sqlite3', '1'],
    ['db/app.sqlite3-wal', '1'],
    ['db/app.sqlite3-shm', '1'],
  ]);
  expect(changedFiles(new Map(), after)).toEqual(['db/app.sqlite3']);
});
