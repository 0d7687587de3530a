import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as atomic from '../../../src/base/atomic-file.js';
import { makeFolder } from '../../helpers/folder.js';

const rightsOf = (path: string): number => statSync(path).mode & 0o777;

describe('makeFolder', () => {
  it('makes a folder and those above it, for their owner only', () => {
    const dir = makeFolder();
    atomic.makeFolder(join(dir, 'a/b'));
    atomic.makeFolder(join(dir, 'a/b'));
    expect([rightsOf(join(dir, 'a')), rightsOf(join(dir, 'a/b'))]).toEqual([0o700, 0o700]);
  });

  // Node's own recursive mkdir would spin here forever.
  it.skipIf(!existsSync('/proc/self'))('gives up where no folder can be made', () => {
    expect(() => atomic.makeFolder('/proc/none/at/all')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('gives up below a file', () => {
    const dir = makeFolder({ file: '' });
    expect(() => atomic.makeFolder(join(dir, 'file/a'))).toThrow(
      // Of Node 20, and of 24.
      expect.objectContaining({ code: expect.stringMatching(/^(?:ENOTDIR|EEXIST)$/) }),
    );
  });
});

describe('replaceFile', () => {
  it('writes a file for its owner only, and makes its folder', () => {
    const file = join(makeFolder(), 'a/b');
    atomic.replaceFile(file, 'one');
    expect([readFileSync(file, 'utf8'), rightsOf(file)]).toEqual(['one', 0o600]);
  });

  it('replaces the file, and leaves no other', () => {
    const dir = makeFolder({ file: 'one' });
    const before = statSync(join(dir, 'file')).ino;
    atomic.replaceFile(join(dir, 'file'), 'two', 0o644);
    expect([readFileSync(join(dir, 'file'), 'utf8'), rightsOf(join(dir, 'file'))]).toEqual(['two', 0o644]);
    expect(statSync(join(dir, 'file')).ino).not.toBe(before);
    expect(readdirSync(dir)).toEqual(['file']);
  });

  it('leaves no file if it fails', () => {
    const dir = makeFolder();
    mkdirSync(join(dir, 'folder'));
    expect(() => atomic.replaceFile(join(dir, 'folder'), 'x')).toThrow();
    expect(readdirSync(dir)).toEqual(['folder']);
  });
});

describe('createFile', () => {
  it('writes a file for its owner only, unless there is one', () => {
    const dir = makeFolder();
    const file = join(dir, 'file');
    expect([atomic.createFile(file, 'one'), atomic.createFile(file, 'two')]).toEqual([true, false]);
    expect([readFileSync(file, 'utf8'), rightsOf(file), readdirSync(dir)]).toEqual(['one', 0o600, ['file']]);
  });

  it('leaves an empty file alone, too', () => {
    const dir = makeFolder();
    writeFileSync(join(dir, 'file'), '');
    expect(atomic.createFile(join(dir, 'file'), 'x')).toBe(false);
  });
});
