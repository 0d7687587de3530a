import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import getPort from 'get-port';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EXAMPLES } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { makeProject } from '../helpers/page-examples.js';

/** Runs every command in the README as it is written there. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The commands of each `sh` block, without their comments. */
const BLOCKS = [...README.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '')),
);
const [CLONE = [], CURL = [], INSTALL = [], ...REST] = BLOCKS;
const UNINSTALL = REST.pop() ?? [];
const OTHERS = REST.flat();
const isStart = (line: string): boolean => /^dynosim start\b/.test(line);
const IN_BACKGROUND = 'dynosim start --detach';
const isDynosim = (line: string): boolean => /^dynosim\b/.test(line);

/** A command in the foreground of a terminal. */
class Shell {
  readonly process: ChildProcess;
  readonly finished: Promise<number | null>;
  printed = '';

  constructor(line: string, cwd: string, env: Readonly<Record<string, string>>) {
    this.process = spawn('bash', ['-c', `exec ${line}`], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        this.printed += text;
      });
    this.finished = once(this.process, 'close').then(([status]) => status);
    onTestFinished(async () => {
      this.#kill('SIGKILL');
      await this.finished;
    });
  }

  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.printed)) {
      const over = this.finished.then((status) => {
        throw new Error(`It ended with ${status} before it printed ${pattern}:\n${this.printed}`);
      });
      await Promise.race([once(this.process.stdout ?? this.process, 'data'), over]);
    }
  }

  /** Ctrl-C at a terminal: everything in the foreground gets it. */
  async interrupt(): Promise<number | null> {
    this.#kill('SIGINT');
    return this.finished;
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.process.pid ?? 0), signal);
    } catch {
      // It has ended.
    }
  }
}

/** Runs a command to its end. */
async function type(line: string, cwd: string, env: Readonly<Record<string, string>>) {
  const shell = new Shell(line, cwd, env);
  return { line, status: await shell.finished, printed: shell.printed };
}

/** The folder `my-app` of the README, with `dynosim` on PATH and where npx finds it. */
async function myApp() {
  const dir = makeFolder({ 'my-app/node_modules/.bin/': '' });
  cpSync(join(EXAMPLES, 'node-web-worker'), join(dir, 'my-app'), { recursive: true });
  const bin = join(dir, 'my-app/node_modules/.bin');
  writeFileSync(join(bin, 'dynosim'), `#!/bin/sh\nexec '${process.execPath}' '${ROOT}bin/dynosim.js' "$@"\n`);
  chmodSync(join(bin, 'dynosim'), 0o755);
  const env = { PATH: `${bin}:${process.env.PATH}`, PORT: String(await getPort()) };
  return { dir: join(dir, 'my-app'), env };
}

describe('README', () => {
  test('shows no command that is not run here', () => {
    const others = OTHERS.filter((line) => !isDynosim(line));
    expect(others.filter((line) => !line.startsWith('docker '))).toEqual(['cd my-app']);
    expect(INSTALL).toEqual(['npm install -g .']);
    expect(CURL).toEqual(['curl http://localhost:5006/']);
  });

  test.skipIf(!existsSync(join(ROOT, '.git')))(
    'from clone to a running app',
    { timeout: 120_000 },
    async () => {
      const port = String(await getPort());
      // npm's settings are in the real home.
      const env = { PORT: port, HOME: userInfo().homedir };
      let cwd = makeFolder();
      expect(CLONE.at(-1)).toBe('npm start');
      for (const line of CLONE.slice(0, -1)) {
        const [, folder] = /^cd (.*)$/.exec(line) ?? [];
        if (folder) cwd = join(cwd, folder);
        else
          expect(await type(line.replace(/https:\S+/, `file://${ROOT} dynosim`), cwd, env)).toMatchObject({
            status: 0,
          });
      }
      const app = new Shell('npm start', cwd, env);
      await app.until(/State changed from starting to up/);
      expect(app.printed).toContain('In another terminal: npx dynosim ps -a node-web-worker, logs');
      const answer = await type(CURL[0]?.replace('5006', port) ?? '', cwd, env);
      expect(answer.printed).toContain('Hello from web.1');
      // npm has a status of its own then.
      await app.interrupt();
      expect(app.printed).toMatch(/web\.1\]: Process exited with status 0/);
      // As in a clone that has not been started.
      rmSync(join(cwd, 'dist'), { recursive: true });
      const prefix = makeFolder();
      const installed = {
        ...env,
        npm_config_prefix: prefix,
        PATH: `${join(prefix, 'bin')}:${process.env.PATH}`,
      };
      expect(await type(INSTALL[0] ?? '', cwd, installed)).toMatchObject({ status: 0 });
      const elsewhere = await type('dynosim check', makeFolder({ Procfile: 'web: true\n' }), installed);
      expect(elsewhere.printed).toBe('1 process type: web\n');
      const [uninstall = '', ...removals] = UNINSTALL;
      expect(await type(uninstall, cwd, installed)).toMatchObject({ status: 0 });
      expect(existsSync(join(prefix, 'bin/dynosim'))).toBe(false);
      const home = makeFolder({
        '.local/state/dynosim/token': 'x',
        '.cache/dynosim/': '',
        '.local/share/other': '',
      });
      expect(removals).toHaveLength(1);
      expect(await type(removals[0] ?? '', home, { HOME: home })).toMatchObject({ status: 0 });
      expect(
        readdirSync(home, { recursive: true }).filter((name) => String(name).endsWith('dynosim')),
      ).toEqual([]);
    },
  );

  test('without a build, dynosim says what to do', async () => {
    const dir = makeFolder();
    cpSync(join(ROOT, 'bin'), join(dir, 'bin'), { recursive: true });
    expect(await type('node bin/dynosim.js --version', dir, {})).toMatchObject({
      status: 1,
      printed: 'dynosim: It is not built yet. Run in its own folder: npm ci\n',
    });
  });

  test('with an older Node, dynosim names the version that it needs', async () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const dir = makeFolder({
      'old.js': "Object.defineProperty(process.versions, 'node', { value: '20.18.3' });",
    });
    const told = await type(`node -r ${join(dir, 'old.js')} ${ROOT}bin/dynosim.js --version`, dir, {});
    const needed = engines.node.replace('>=', '');
    expect(told).toMatchObject({
      status: 1,
      printed: `dynosim: It needs Node.js ${needed} or later; this is 20.18.3.\n`,
    });
  });

  test('npx runs it in the folder of an app', async () => {
    const { dir, env } = await myApp();
    const app = new Shell('npx dynosim start', dir, env);
    await app.until(/web\.1\]: State changed from starting to up/);
    await app.interrupt();
    expect(app.printed).toMatch(/web\.1\]: Process exited with status 0/);
  });

  test(`${IN_BACKGROUND}, and dynosim stop`, async () => {
    expect(OTHERS).toContain(IN_BACKGROUND);
    const { dir, env } = await myApp();
    try {
      expect(await type(IN_BACKGROUND, dir, env)).toMatchObject({ status: 0 });
    } finally {
      expect(await type('dynosim stop', dir, env)).toMatchObject({ status: 0 });
    }
  });

  test.each(OTHERS.filter((line) => isStart(line) && line !== IN_BACKGROUND))('%s', async (line) => {
    const { dir, env } = await myApp();
    const app = new Shell(line, dir, env);
    await app.until(/State changed from starting to up/);
    expect(await app.interrupt()).toBe(0);
  });

  test('the library example runs, prints the output that it shows, and ends', async () => {
    const [, example = ''] = /```js\n([\s\S]*?)```/.exec(README) ?? [];
    const dir = makeProject({ 'my-app': 'node-web-worker' });
    writeFileSync(join(dir, 'example.mjs'), example);
    const { status, printed } = await type('node example.mjs', dir, {});
    expect({ status, printed }).toMatchObject({
      status: 0,
      printed: expect.stringMatching(/^Hello from web\.\d.*\n+web\.1 idle\nweb\.2 idle\n/),
    });
  });

  test('the example of a test passes', async () => {
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(README) ?? [];
    const dir = makeProject({ 'my-app': 'node-web-worker' });
    // Node 20 does not know `using`.
    const { code } = await transform(example, { loader: 'ts', target: 'node20', format: 'esm' });
    const runner = `import assert from 'node:assert';
const expect = (seen) => ({ toMatchObject: (wanted) => assert.deepEqual({ ...seen, ...wanted }, seen) });
`;
    writeFileSync(join(dir, 'example.mjs'), runner + code);
    expect(await type('node example.mjs', dir, {})).toMatchObject({ status: 0, printed: '' });
  });

  test('everything else works with a running app, in this order, and finally stop', async () => {
    const { dir, env } = await myApp();
    // The real one is large, and tried by `npm run test:heroku`.
    const heroku = join(dir, 'node_modules/.bin/heroku');
    writeFileSync(heroku, '#!/bin/sh\necho "heroku $* at $HEROKU_HOST"\n');
    chmodSync(heroku, 0o755);
    const app = new Shell('dynosim start', dir, env);
    await app.until(/web\.1\]: State changed from starting to up/);
    const printed: Record<string, string> = {};
    const lines = OTHERS.filter((other) => isDynosim(other) && !isStart(other));
    expect(lines).toContain('dynosim stop');
    for (const line of [...lines.filter((other) => other !== 'dynosim stop'), 'dynosim stop']) {
      // A dyno that a release has restarted need not be up yet.
      if (line.startsWith('dynosim clock:')) await type('dynosim ps:wait', dir, env);
      const done = await type(line, dir, env);
      expect(done).toMatchObject({ status: 0 });
      printed[line] = done.printed;
    }
    expect(printed["dynosim run 'echo $GREETING'"]).toContain('hello');
    expect(printed['dynosim rollback']).toContain('Remove GREETING');
    expect(printed['dynosim config']).toMatch(/GREETING: +hello/);
    expect(printed['dynosim heroku ps:scale web=2']).toMatch(/^heroku ps:scale web=2 at https:\/\/127/);
    expect(printed['dynosim env']).toMatch(/^export HEROKU_HOST='https:\/\/127/m);
    expect(printed['dynosim clock:advance 31m']).toMatch(/^web\.2: idle, was up$/m);
    expect(printed['dynosim report']).toMatch(/^Saved by sleeping: +\d/m);
    expect(printed['dynosim metrics']).toMatch(/ advance .* 31m passed$/m);
    expect(await app.finished).toBe(0);
  });
});
