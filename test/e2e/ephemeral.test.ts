import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { type Dynosim, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../helpers/processes.js';

const NO_EFFECT = /^--ephemeral has no effect here, so dynos write to the app's folder itself: (.*)\.$/m;

/** Answers with what is in its folder, and adds to that. */
const WEB = `
  const { readdirSync, writeFileSync } = require('node:fs');
  require('node:http')
    .createServer((req, res) => {
      writeFileSync('uploaded', '');
      res.end([process.cwd(), process.env.PWD, ...readdirSync('.')].join(' '));
    })
    .listen(process.env.PORT);`;

const FILES = { Procfile: 'web: node web.js\n', 'web.js': WEB, '.dynosimrc': '--ephemeral\n' };

/** Starts an app; skips the test where that cannot have an overlay. */
async function startEphemeral(dir: string, { skip }: TestContext): Promise<Dynosim> {
  const app = start(dir);
  await app.ready();
  const [, why] = NO_EFFECT.exec(app.stderr) ?? [];
  skip(why !== undefined, why);
  return app;
}

const get = async (url: string): Promise<string> => (await fetch(url)).text();

test("what dynos change ends with them; the app's folder stays as it is", async (context) => {
  const dir = makeFolder(FILES);
  const app = await startEphemeral(dir, context);
  const { router, runtime } = await app.ready();
  const fresh = `${dir} ${dir} .dynosimrc Procfile uploaded web.js`;
  expect(await get(router)).toBe(fresh);
  const beside = await run(['ps:exec', 'web.1', 'ls; pwd'], { cwd: dir });
  expect(beside.stdout).toBe(`Procfile\nuploaded\nweb.js\n${dir}\n`);
  const inOneOff = await run(['run', 'echo *; rm *; ls -A'], { cwd: dir });
  expect(inOneOff.stdout).toBe('Procfile web.js\n.dynosimrc\n');
  await run(['ps:restart'], { cwd: dir });
  expect(await get(router)).toBe(fresh);
  expect(await app.stop()).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/ephemeral/) });
  expect(readdirSync(dir)).toEqual(['.dynosimrc', 'Procfile', 'web.js']);
  expect(readdirSync(join(dirname(runtime), 'run'))).toEqual([]);
});

test('after SIGKILL of dynosim neither processes nor folders are left', async (context) => {
  const nap = uniqueNap();
  const dir = makeFolder({
    '.dynosimrc': '--ephemeral\n--shutdown-timeout 300ms\n',
    Procfile: `worker: trap "" TERM; touch new; setsid sleep ${nap} & echo ready; while :; do sleep ${nap}; done\n`,
  });
  const app = await startEphemeral(dir, context);
  await app.printed(/"line":"ready"/);
  const folder = join(dirname((await app.ready()).runtime), 'run');
  expect(readdirSync(folder)).toHaveLength(1);
  await app.stop('SIGKILL');
  await untilGone(nap);
  await expect.poll(() => readdirSync(folder), { timeout: 30_000 }).toEqual([]);
  expect(readdirSync(dir)).toEqual(['.dynosimrc', 'Procfile']);
  expect(processesWith(nap)).toEqual([]);
});

test('a command changes nothing either when the app does not run', async (context) => {
  const dir = makeFolder(FILES);
  const { stdout, stderr } = await run(['run', 'touch new; ls'], { cwd: dir });
  const [, why] = NO_EFFECT.exec(stderr) ?? [];
  context.skip(why !== undefined, why);
  expect(stdout).toBe('Procfile\nnew\nweb.js\n');
  expect(readdirSync(dir)).toEqual(['.dynosimrc', 'Procfile', 'web.js']);
});

test('--watch restarts dynos, which see what has been edited', async (context) => {
  const dir = makeFolder({
    '.dynosimrc': '--ephemeral\n--watch\n',
    Procfile: 'worker: cat source.js; touch own.js; exec sleep 1000\n',
    'source.js': '"one"\n',
  });
  const app = await startEphemeral(dir, context);
  await app.printed(/"line":"\\"one\\""/);
  await app.printed(/watching: dynos restart/);
  writeFileSync(join(dir, 'source.js'), '"two"\n');
  await app.printed(/"line":"\\"two\\""/);
});

test('where there can be no overlay, the first lines say once that dynos write to the folder', async () => {
  const dir = makeFolder({ ...FILES, Procfile: 'worker: touch new; echo ready; exec sleep 1000\n' });
  const app = start(dir, [], { env: { DYNOSIM_PORTABLE: '1' } });
  await app.printed(/"line":"ready"/);
  const { stdout, stderr } = await app.stop();
  expect(stderr.match(new RegExp(NO_EFFECT, 'mg'))).toEqual([
    "--ephemeral has no effect here, so dynos write to the app's folder itself: an overlay needs the guard.",
  ]);
  expect(stdout).not.toMatch(/ephemeral/);
  expect(readdirSync(dir)).toContain('new');
});
