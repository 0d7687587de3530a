import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRedis } from '../../../../src/addons/redis/program.js';
import { makeFolder } from '../../../helpers/folder.js';

function folderWith(...programs: readonly string[]): string {
  const folder = makeFolder(Object.fromEntries(programs.map((name) => [name, ''])));
  for (const name of programs) chmodSync(join(folder, name), 0o755);
  return folder;
}

describe('which server runs', () => {
  test('valkey-server rather than redis-server, wherever they are on PATH', () => {
    const [redis, valkey] = [folderWith('redis-server'), folderWith('valkey-server')];
    expect(findRedis({ PATH: `${redis}:${valkey}` })).toBe(join(valkey, 'valkey-server'));
  });

  test('the one that DYNOSIM_REDIS_BIN names: a program', () => {
    const program = join(folderWith('my-redis'), 'my-redis');
    expect(findRedis({ PATH: folderWith('redis-server'), DYNOSIM_REDIS_BIN: program })).toBe(program);
  });

  test('or a folder of programs', () => {
    const folder = folderWith('redis-server');
    expect(findRedis({ DYNOSIM_REDIS_BIN: folder })).toBe(join(folder, 'redis-server'));
  });

  test('a DYNOSIM_REDIS_BIN that leads nowhere is an error, whatever is on PATH', () => {
    const shell = { PATH: folderWith('redis-server'), DYNOSIM_REDIS_BIN: '/nowhere' };
    expect(() => findRedis(shell)).toThrow('DYNOSIM_REDIS_BIN is /nowhere, where no Redis server is');
  });

  // Homebrew's folders are searched, too: where they have a server, there is no error to see.
  test.skipIf(hasHomebrewServer())('none: an error names what installs one on this system', () => {
    expect(() => findRedis({ PATH: folderWith('apk') })).toThrow(
      expect.objectContaining({
        code: 'NO_REDIS',
        hint: expect.stringMatching(/^Install one: sudo apk add valkey\. Or/),
      }),
    );
    expect(() => findRedis({ PATH: '' })).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Install Valkey or Redis\. Or/) }),
    );
  });
});

function hasHomebrewServer(): boolean {
  try {
    return findRedis({ PATH: '' }) !== '';
  } catch {
    return false;
  }
}
