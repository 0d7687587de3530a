import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../helpers/folder.js';
import { examplesOf, makeProject } from '../helpers/page-examples.js';
import { processesWith, uniqueNap, untilGone } from '../helpers/processes.js';

/** A program in a folder; it is ended with the test. */
function runNode(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const node = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void node.kill('SIGKILL'));
  return node;
}

async function finish(node: ChildProcess) {
  if (!node.stdout || !node.stderr) throw new Error('not piped');
  const [stdout, stderr] = await Promise.all([text(node.stdout), text(node.stderr), once(node, 'close')]);
  return { stdout, stderr, status: node.exitCode };
}

/** All files below a folder, with their contents and times. */
function contentsOf(dir: string): unknown {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, statSync(path).mtimeMs, entry.isFile() && readFileSync(path, 'base64')];
  });
}

describe('docs/testing.md', () => {
  test.each(examplesOf('docs/testing.md'))(
    '$title: the example prints what is shown',
    async ({ code, output }) => {
      const dir = makeProject({ 'my-app': 'sleepy-counter' });
      // Node 20 does not know `using`.
      const { code: known } = await transform(code, { target: 'node20', format: 'esm' });
      writeFileSync(join(dir, 'example.mjs'), known);
      const { stdout, stderr, status } = await finish(runNode(dir, ['example.mjs']));
      expect({ stderr, status }, stdout).toEqual({ stderr: '', status: 0 });
      if (output !== undefined) expect(stdout).toBe(output);
      else expect(stdout).toMatch(/^[#ℹ] pass 2$/m);
    },
  );
});

test('examples/vitest-sleep passes its tests', async () => {
  const dir = makeProject({ app: 'vitest-sleep' });
  const vitest = fileURLToPath(new URL('../../node_modules/vitest', import.meta.url));
  symlinkSync(vitest, join(dir, 'node_modules/vitest'));
  const { stdout, status } = await finish(runNode(join(dir, 'app'), [join(vitest, 'vitest.mjs'), 'run']));
  expect(status, stdout).toBe(0);
  expect(stdout).toMatch(/Tests +4 passed/);
});

describe('apps under test', () => {
  test('do not disturb each other, 20 of one folder in several processes, and write nothing', async () => {
    const dir = makeProject({ 'my-app': 'sleepy-counter' });
    writeFileSync(join(dir, 'my-app/.env'), 'GREETING=Hello\n');
    writeFileSync(
      join(dir, 'several.mjs'),
      `import { startApp } from 'dynosim/testing';
const apps = await Promise.all([1, 2, 3, 4, 5].map((count) =>
  startApp({ dir: 'my-app', formation: { clock: 0 }, env: { COUNT: String(count) } })));
await apps[0].config({ GREETING: 'Goodbye' });
await apps[1].advance('31m');
await apps[2].kill('web.1');
await Promise.all(apps.filter((_, index) => index !== 1).map((app) => app.up()));
const seen = await Promise.all(apps.map(async (app) => [
  (await app.dyno('web.1')).state, ...Object.values(await app.config()).sort()]));
if (new Set(apps.map(({ port }) => port)).size !== 5) throw new Error('a port twice');
await Promise.all(apps.map((app) => app.stop()));
process.stdout.write(JSON.stringify(seen));
`,
    );
    const home = makeFolder();
    const env = { HOME: home, XDG_STATE_HOME: '', XDG_DATA_HOME: '', XDG_CACHE_HOME: makeFolder() };
    const before = contentsOf(join(dir, 'my-app'));
    const ends = await Promise.all([1, 2, 3, 4].map(() => finish(runNode(dir, ['several.mjs'], env))));
    for (const { stdout, stderr, status } of ends) {
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      expect(JSON.parse(stdout)).toEqual([
        ['up', '1', 'Goodbye'],
        ['idle', '2', 'Hello'],
        ['up', '3', 'Hello'],
        ['up', '4', 'Hello'],
        ['up', '5', 'Hello'],
      ]);
    }
    expect(contentsOf(join(dir, 'my-app'))).toEqual(before);
    expect(readdirSync(home)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('leave nothing when their process is killed', async () => {
    const nap = uniqueNap();
    const dir = makeProject({});
    writeFileSync(
      join(dir, 'killed.mjs'),
      `import { startApp } from 'dynosim/testing';
await startApp({ dir: '.', processes: { web: 'exec sleep ${nap}', worker: '(setsid sleep ${nap} &); exec sleep ${nap}' },
  waitFor: 'nothing', timeouts: { shutdown: '1s' } });
`,
    );
    const node = runNode(dir, ['killed.mjs']);
    while (processesWith(nap).length < 3) await new Promise((resolve) => setImmediate(resolve));
    node.kill('SIGKILL');
    await untilGone(nap);
  });

  test('run in CommonJS, and print their log when asked to', async () => {
    const dir = makeProject({ 'my-app': 'sleepy-counter' });
    writeFileSync(
      join(dir, 'common.cjs'),
      `const { startApp, UserError } = require('dynosim/testing');
if (UserError !== require('dynosim').UserError) throw new Error('two libraries');
startApp({ dir: 'my-app', output: 'inherit' }).then((app) => app.stop());
`,
    );
    const { stdout, status } = await finish(runNode(dir, ['common.cjs']));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\S+ heroku\[web\.1]: State changed from starting to up$/m);
  });
});
