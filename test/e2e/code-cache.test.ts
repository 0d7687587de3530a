import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

/** The files of a code cache, for any bundle and Node. */
function cached(cache: string): readonly string[] {
  const folder = join(cache, 'dynosim');
  return existsSync(folder) ? readdirSync(folder) : [];
}

const PROCFILE = { Procfile: 'web: exec sleep 1000\n' };

test('`start` keeps what it has compiled while it runs', async () => {
  const cache = makeFolder();
  const app = start(makeFolder(PROCFILE), [], { env: { XDG_CACHE_HOME: cache } });
  await app.ready();
  await vi.waitFor(() => expect(cached(cache)).toEqual([expect.stringMatching(/-start$/)]), {
    timeout: 20_000,
  });
  expect(await app.stop()).toMatchObject({ status: 0 });
});

test('a program that uses the library keeps it, and another one takes it from there', async () => {
  const cache = makeFolder();
  const library = new URL('../../dist/testing.js', import.meta.url).href;
  const use = () =>
    execFileSync(process.execPath, ['--input-type=module', '-e', `import '${library}'`], {
      env: { ...process.env, XDG_CACHE_HOME: cache },
    });
  use();
  const [file = ''] = cached(cache);
  expect(file).toMatch(/-library$/);
  const { mtimeMs } = statSync(join(cache, 'dynosim', file));
  use();
  expect(statSync(join(cache, 'dynosim', file)).mtimeMs).toBe(mtimeMs);
});

test('`start` keeps it when it is ended before that', async () => {
  const cache = makeFolder();
  const app = start(makeFolder(PROCFILE), [], { env: { XDG_CACHE_HOME: cache } });
  await app.ready();
  expect(await app.stop()).toMatchObject({ status: 0 });
  expect(cached(cache)).toEqual([expect.stringMatching(/-start$/)]);
});

test('a command that fails keeps nothing', async () => {
  const cache = makeFolder();
  const env = { XDG_CACHE_HOME: cache };
  expect(await run(['ps', '-d', makeFolder()], { env })).toMatchObject({ status: 1 });
  expect(cached(cache)).toEqual([]);
});

test('a file that is not a cache, or a damaged one, is replaced', async () => {
  const cache = makeFolder();
  const env = { XDG_CACHE_HOME: cache };
  await run(['--version'], { env });
  const [file = ''] = cached(cache);
  const path = join(cache, 'dynosim', file);
  const whole = readFileSync(path);
  const zeroed = Buffer.from(whole).fill(0, 40_960, 45_056);
  for (const broken of [Buffer.from('garbage'), Buffer.alloc(0), whole.subarray(0, 50_000), zeroed]) {
    writeFileSync(path, broken);
    expect(await run(['--version'], { env })).toMatchObject({ status: 0, signal: null, stderr: '' });
    expect(readFileSync(path).equals(broken)).toBe(false);
  }
});

test('where nothing can be kept, all works', async () => {
  const env = { XDG_CACHE_HOME: '/dev/null' };
  expect(await run(['--version'], { env })).toMatchObject({ status: 0, stderr: '' });
});
