import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeExport } from '../../../../src/cli/export/write-files.js';
import { type ExportFile, listed, signed } from '../../../../src/export/files.js';
import { makeFolder } from '../../../helpers/folder.js';

const FILES: readonly ExportFile[] = [
  signed('compose.yaml', 'About.', 'a: 1\n'),
  signed('config.env', 'About.', 'A=1\n', true),
  { path: 'config/KEY', text: 'a\nb', isSecret: true },
];

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

test('files are written, secrets for their owner alone, and replaced as long as nobody edits them', () => {
  const out = join(makeFolder(), 'deploy/compose');
  for (let round = 0; round < 2; round++)
    expect([...writeExport(out, FILES, false)]).toEqual(FILES.map(({ path }) => [path, 'wrote']));
  expect(readFileSync(join(out, 'config/KEY'), 'utf8')).toBe('a\nb');
  expect(['config.env', 'config/KEY'].map((path) => modeOf(join(out, path)))).toEqual([0o600, 0o600]);
  expect(modeOf(join(out, 'compose.yaml'))).toBe(0o644);
  expect(modeOf(out)).toBe(0o755 & ~process.umask());
});

test('an edited file is not replaced, and nothing else is written then', () => {
  const out = makeFolder();
  writeExport(out, FILES, false);
  const edited = `${readFileSync(join(out, 'compose.yaml'), 'utf8')}b: 2\n`;
  writeFileSync(join(out, 'compose.yaml'), edited);
  const next = [...FILES.slice(0, 1), signed('config.env', 'About.', 'A=2\n', true)];
  expect(() => writeExport(out, next, false)).toThrow('compose.yaml is not as dynosim would have written it');
  expect(readFileSync(join(out, 'config.env'), 'utf8')).toContain('A=1');
  expect(writeExport(out, next, true).get('compose.yaml')).toBe('wrote');
  expect(readFileSync(join(out, 'compose.yaml'), 'utf8')).not.toContain('b: 2');
});

test("somebody else's file of the same name is not replaced", () => {
  const out = makeFolder({ Dockerfile: 'FROM scratch\n' });
  expect(() => writeExport(out, [signed('Dockerfile', 'About.', 'FROM x\n')], false)).toThrow(
    'Dockerfile is not as',
  );
});

test('edited secrets are kept, even by --force, and for their owner alone', () => {
  const out = makeFolder();
  writeExport(out, FILES, false);
  writeFileSync(join(out, 'config.env'), 'A=mine\n');
  writeFileSync(join(out, 'config/KEY'), 'mine');
  chmodSync(join(out, 'config.env'), 0o644);
  expect([...writeExport(out, FILES, true)]).toEqual([
    ['compose.yaml', 'wrote'],
    ['config.env', 'kept'],
    ['config/KEY', 'kept'],
  ]);
  expect(readFileSync(join(out, 'config.env'), 'utf8')).toBe('A=mine\n');
  expect(modeOf(join(out, 'config.env'))).toBe(0o600);
});

test('a file that is no longer part of the export is removed, unless it was edited', () => {
  const out = makeFolder({ 'mine.yaml': 'a: 1\n' });
  writeExport(
    out,
    [...FILES, signed('sleep.yaml', 'About.', 'a: 1\n'), signed('old.yaml', 'About.', 'a: 1\n')],
    false,
  );
  writeFileSync(join(out, 'old.yaml'), 'a: 2\n');
  expect(writeExport(out, FILES, false).get('sleep.yaml')).toBe('removed');
  expect(readdirSync(out).sort()).toEqual(['compose.yaml', 'config', 'config.env', 'mine.yaml', 'old.yaml']);
});

describe('values of several lines', () => {
  const values = (texts: Readonly<Record<string, string>>): readonly ExportFile[] =>
    listed(new Map(Object.entries(texts)));
  const exported = (): string => {
    const out = makeFolder();
    writeExport(out, values({ KEY: 'a\nb', OTHER: 'c\nd' }), false);
    return out;
  };

  test('are replaced when they change, and removed when they are gone', () => {
    const out = exported();
    expect([...writeExport(out, values({ KEY: 'b\nc' }), false)]).toEqual([
      ['config/KEY', 'wrote'],
      ['config/.checksums', 'wrote'],
      ['config/OTHER', 'removed'],
    ]);
    expect(readdirSync(join(out, 'config'))).toEqual(['.checksums', 'KEY']);
    expect(readFileSync(join(out, 'config/KEY'), 'utf8')).toBe('b\nc');
    expect(['.checksums', 'KEY'].map((name) => modeOf(join(out, 'config', name)))).toEqual([0o600, 0o600]);
    writeExport(out, values({}), false);
    expect(readdirSync(out)).toEqual([]);
  });

  test('are kept when they were edited, again and again', () => {
    const out = exported();
    writeFileSync(join(out, 'config/KEY'), 'mine\n');
    for (const KEY of ['a\nb', 'b\nc'])
      expect(writeExport(out, values({ KEY, OTHER: 'c\nd' }), true).get('config/KEY')).toBe('kept');
    expect([...writeExport(out, values({ OTHER: 'c\nd' }), false)]).toContainEqual(['config/KEY', 'left']);
    expect(readFileSync(join(out, 'config/KEY'), 'utf8')).toBe('mine\n');
  });

  test('count as edited without their list, and files beside them stay', () => {
    const out = exported();
    writeFileSync(join(out, 'config/notes'), 'mine\n');
    rmSync(join(out, 'config/.checksums'));
    expect(writeExport(out, values({ KEY: 'b\nc' }), false).get('config/KEY')).toBe('kept');
    writeExport(out, values({}), false);
    expect(readdirSync(join(out, 'config'))).toEqual(['KEY', 'OTHER', 'notes']);
  });
});

test('a folder that cannot be written to is one line', () => {
  const out = join(makeFolder({ file: '' }), 'file');
  expect(() => writeExport(out, FILES, false)).toThrow(/^The files cannot be written to .*file: E/);
});

test.skipIf(!existsSync('/proc/self'))('a folder that the system refuses to make is one line', () => {
  expect(() => writeExport('/proc/none/at/all', FILES, false)).toThrow(
    /^The files cannot be written to \/proc\/none\/at\/all: ENOENT/,
  );
});
