import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpack } from '../../../src/host/deploys/unpack.js';
import { makeFolder } from '../../helpers/folder.js';

const FILES = { Procfile: 'web: x', 'lib/a.js': 'a', '.gitignore': 'b' };
const never = new AbortController().signal;

/** A file of an archive. */
interface Entry {
  readonly name: string;
  /** 0: a file, 1: a hard link, 2: a link, 5: a folder, 6: a pipe. */
  readonly type?: number;
  readonly target?: string;
  readonly mode?: number;
}

/** An archive with whatever entries, which tar itself would not make. */
function makeTar(...entries: readonly Entry[]): Buffer {
  const blocks = entries.map(({ name, type = 0, target = '', mode = 0o644 }) => {
    const block = Buffer.alloc(512);
    block.write(name, 0);
    block.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
    for (const at of [108, 116]) block.write('0000000\0', at);
    for (const at of [124, 136]) block.write('00000000000\0', at);
    block.write('        ', 148);
    block.write(String(type), 156);
    block.write(target, 157);
    block.write('ustar\x0000', 257);
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return block;
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function saved(archive: Buffer): string {
  return join(makeFolder({ archive }), 'archive');
}

function pack(files: Readonly<Record<string, string>>, ...names: readonly string[]): Buffer {
  return execFileSync('tar', ['-cz', ...(names.length > 0 ? names : ['.'])], { cwd: makeFolder(files) });
}

async function unpacked(archive: Buffer, options = {}) {
  const dir = join(makeFolder(), '1');
  execFileSync('mkdir', [dir]);
  const result = await unpack(saved(archive), dir, {
    path: process.env.PATH ?? '',
    signal: never,
    ...options,
  });
  return { ...result, dir };
}

test('an archive is unpacked, whether compressed or not', async () => {
  const compressed = pack(FILES);
  for (const archive of [compressed, gunzipSync(compressed)]) {
    const { dir, paths } = await unpacked(archive);
    expect(paths).toBe(3);
    expect(readFileSync(join(dir, 'lib/a.js'), 'utf8')).toBe('a');
  }
});

test('files come out of the only folder, as in archives of GitHub, and without a repository', async () => {
  const { dir } = await unpacked(pack({ 'app-1a2b/Procfile': 'x', 'app-1a2b/.git/config': '' }, 'app-1a2b'));
  expect(readdirSync(dir)).toEqual(['Procfile']);
});

test('links within the app are kept, and folders that nobody may enter can be removed', async () => {
  const { dir, paths } = await unpacked(
    makeTar(
      { name: 'shut/', type: 5, mode: 0 },
      { name: 'a' },
      { name: 'b', type: 2, target: 'shut/../a' },
      { name: 'c', type: 1, target: 'a' },
    ),
  );
  expect(paths).toBe(3);
  expect(existsSync(join(dir, 'b'))).toBe(true);
});

describe('an archive is refused in one line', () => {
  test.each<readonly [what: string, archive: Buffer, why: RegExp]>([
    [
      'with a path upwards',
      makeTar({ name: 'a' }, { name: 'b/../../c' }),
      /the path `b\/\.\.\/\.\.\/c` leads out/,
    ],
    ['with a path from the root', makeTar({ name: '/tmp/a' }), /the path `\/tmp\/a` leads out of the app/],
    [
      'with a link out',
      makeTar({ name: 'l', type: 2, target: '../x' }),
      /the link `l` leads out .*: `\.\.\/x`/,
    ],
    ['with a link to the root', makeTar({ name: 'l', type: 2, target: '/etc' }), /the link `l` leads out/],
    [
      'with a file below such a link',
      makeTar({ name: 'l', type: 2, target: '/tmp' }, { name: 'l/a' }),
      /tar says: l\/a: |leads out/,
    ],
    ['with a hard link out', makeTar({ name: 'h', type: 1, target: '/etc/passwd' }), /tar says: h: /],
    ['with a pipe', makeTar({ name: 'a' }, { name: 'p', type: 6 }), /`p` is neither a file nor a link/],
    ['of nothing', makeTar(), /it is empty/],
    ['of something else', Buffer.from('PK\x03\x04 and so on'.repeat(100)), /tar says: /],
    ['that is cut short', gzipSync(makeTar({ name: 'a' })).subarray(0, -9), /unexpected end of file/],
    [
      'that is damaged',
      Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100, 7)]),
      /cannot be built: /,
    ],
  ])('%s', async (_what, archive, why) => {
    await expect(unpacked(archive)).rejects.toMatchObject({
      name: 'UserError',
      code: 'BAD_ARCHIVE',
      message: expect.stringMatching(why),
    });
    await expect(unpacked(archive)).rejects.toMatchObject({ message: expect.not.stringContaining('\n') });
  });

  test('that is small, and would fill the disk', async () => {
    const bomb = pack({ zeros: '\0'.repeat(4 * 1024 * 1024) });
    await expect(unpacked(bomb, { maxBytes: 1024 * 1024 })).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
      message: 'The archive has more than 1.0M: leave out what the app does not need',
    });
  });

  test('without tar', async () => {
    await expect(unpacked(pack(FILES), { path: makeFolder() })).rejects.toMatchObject({ code: 'NO_TAR' });
  });

  test('when the build is cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(unpacked(pack(FILES), { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
