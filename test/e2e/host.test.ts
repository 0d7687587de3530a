import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadPrograms } from '../../src/base/process.js';
import { ask } from '../helpers/ask.js';
import { type Dynosim, type Finished, hostOf, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { GIT_ENV } from '../helpers/git-env.js';
import { done, failed, tokenFile } from './commands-world.js';

const APP = {
  'web.js': `require('http').createServer((q, r) => r.end('hello ' + process.env.NAME)).listen(process.env.PORT);`,
  Procfile: 'web: node web.js\n',
};

interface Host {
  readonly process: Dynosim;
  readonly state: string;
  /** A folder under version control with an app in it. */
  readonly dir: string;
  type(...args: readonly string[]): Promise<Finished>;
  git(...args: readonly string[]): Promise<Finished>;
  /** What the app answers. */
  visit(app: string): ReturnType<typeof ask>;
}

const GIT = { ...GIT_ENV, GIT_CONFIG_GLOBAL: '/dev/null' };

async function startHost(state = makeFolder(), dir = makeFolder(APP)): Promise<Host> {
  const process_ = hostOf(state, ['--no-wake-delay']);
  const { router } = await process_.ready();
  const { GIT_SSL_CAINFO: _, ...rest } = process.env;
  const git = async (...args: readonly string[]): Promise<Finished> => {
    const { run: execute } = await loadPrograms();
    const { status, stdout, stderr } = await execute(['git', ...args], { cwd: dir, env: { ...rest, ...GIT } })
      .finished;
    return { status, signal: null, stdout, stderr };
  };
  if (!existsSync(join(dir, '.git'))) {
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=first');
  }
  return {
    process: process_,
    state,
    dir,
    type: (...args) => run(args, { cwd: dir, env: GIT }),
    git,
    visit: (app) => ask(Number(new URL(router).port), `${app}.localhost`),
  };
}

describe('dynosim host', () => {
  test('create, push, ps, config, rename, destroy: every step by plain git and own commands', async () => {
    const { type, git, visit } = await startHost();
    expect(await type('create', 'my-app')).toMatchObject(
      done(
        /^http:\/\/my-app\.localhost:\d+ \| https:\/\/127\.0\.0\.1:\d+\/my-app\.git\n$/,
        /^Creating ⬢ my-app\.\.\. done\n/,
      ),
    );
    const doctor = () => type('doctor', '--only', 'buildpack');
    expect((await doctor()).stdout).toMatch(/^warn {2}buildpack {2}.*No default language could be detected/);
    expect((await type('buildpacks:set', 'none')).status).toBe(0);
    expect((await doctor()).stdout).toMatch(/^pass {2}buildpack /);
    const push = await git('push', 'heroku', 'main');
    expect(push.stderr).toMatch(/remote: +Released v3 /);
    expect(push.status).toBe(0);
    expect((await type('config:set', 'NAME=Ada')).stderr).toMatch(/done, v4/);
    expect(await visit('my-app')).toEqual({ status: 200, body: 'hello Ada' });
    expect((await type('ps')).stdout).toMatch(/^=== web \(Eco\): node web\.js \(1\)$/m);
    expect((await type('apps')).stdout).toMatch(/^my-app +up +http:\/\/my-app\.localhost:\d+ +v4/m);
    expect((await type('apps:rename', 'your-app')).stderr).toContain('Git remote heroku updated');
    expect(await visit('my-app')).toMatchObject({ status: 404 });
    expect(await visit('your-app')).toMatchObject({ status: 200 });
    expect(await type('apps:destroy')).toMatchObject(
      failed(
        'This removes your-app for good, with its config vars, its releases and the data of its add-ons. To go on: dynosim apps:destroy --confirm your-app',
      ),
    );
    expect((await type('apps:destroy', '--confirm', 'your-app')).status).toBe(0);
    expect((await git('remote')).stdout).toBe('');
    expect((await type('apps')).stdout).toContain('You have no apps.');
  });

  test('a kill -9 loses nothing that was said to be done', async () => {
    const before = await startHost();
    await before.type('create', 'my-app');
    await before.type('buildpacks:set', 'none');
    await before.git('push', 'heroku', 'main');
    await before.type('config:set', 'NAME=Grace');
    await before.type('create', 'awake', '--no-remote', '--buildpack', 'none');
    await before.type('deploy', '-a', 'awake');
    await before.type('ps:type', 'basic', '-a', 'awake');
    before.process.process.kill('SIGKILL');
    await once(before.process.process, 'close');
    const after = await startHost(before.state, before.dir);
    // Before anything that its apps log.
    expect(after.process.stdout).toMatch(/^\{"event":"ready"/);
    expect((await after.type('ps', '-a', 'my-app')).stdout).toContain('web.1: idle');
    expect(await after.visit('my-app')).toEqual({ status: 200, body: 'hello Grace' });
  });

  test('a command means the app of a git remote: one that is named, or the one of heroku.remote', async () => {
    const { type, git } = await startHost();
    await type('create', 'one');
    await type('create', 'two', '--remote', 'staging');
    const nameOf = async (...flags: readonly string[]) =>
      JSON.parse((await type('info', '--json', ...flags)).stdout).app;
    expect([await nameOf(), await nameOf('--remote', 'staging')]).toEqual(['one', 'two']);
    await git('config', 'heroku.remote', 'staging');
    expect(await nameOf()).toBe('two');
    const offered = async (...words: readonly string[]) => (await type('__complete', '--', ...words)).stdout;
    expect(await offered('ps', '--remote', 's')).toBe('staging\n');
    expect(await offered('apps:destroy', '--confirm', 't')).toBe('two\n');
    await type('buildpacks:set', '--remote', 'heroku', 'none');
    expect(await offered('buildpacks:remove', '--remote', 'heroku', '')).toBe('none\n');
    expect((await type('ps', '-r', 'nope')).stderr).toMatch(
      /^dynosim: No git remote nope of \S+ leads to an app/,
    );
  });

  test('releases:retry runs a release command again that has failed', async () => {
    const { type, dir, visit } = await startHost();
    await type('create', 'my-app', '--no-remote', '--buildpack', 'none');
    writeFileSync(join(dir, 'Procfile'), `${APP.Procfile}release: echo migrating; test "$READY" = yes\n`);
    expect((await type('deploy')).stdout).toContain('Waiting for release.... failed.');
    expect(await type('releases:retry')).toMatchObject({
      status: 1,
      stdout: 'migrating\n',
      stderr: expect.stringMatching(
        /^Retrying v3 on ⬢ my-app\.\.\. done, v4\nRunning release command\.\.\.\n.*command of v4 failed/,
      ),
    });
    await type('config:set', '-a', 'my-app', 'READY=yes');
    expect(await type('releases:retry')).toMatchObject({ status: 0, stdout: 'migrating\n' });
    expect((await visit('my-app')).status).toBe(200);
    expect((await type('rollback')).stderr).toContain('Rollback affects code and config vars.');
  });

  test('the only app is meant, except where the folder has an app of its own to run or to configure', async () => {
    const { type, dir } = await startHost();
    await type('create', 'my-app', '--no-remote', '--buildpack', 'none');
    expect((await run(['config:set', 'A=1'], { cwd: makeFolder() })).stderr).toContain('restarting ⬢ my-app');
    expect((await type('config:set', 'A=2')).stderr).toContain('Setting A in .env');
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('A=2\n');
    expect((await run(['ps:wait'], { cwd: makeFolder() })).stderr).not.toContain('Waiting');
  });

  test('create sets up an app as its app.json says', async () => {
    const { type, dir } = await startHost();
    writeFileSync(
      join(dir, 'app.json'),
      JSON.stringify({
        env: {
          PLAIN: 'a',
          VALUE: { value: 'b' },
          SECRET: { generator: 'secret' },
          NEEDED: { description: 'no value' },
          OPTIONAL: { required: false },
        },
        buildpacks: [{ url: 'none' }],
        addons: ['heroku-postgresql:mini', { plan: 'scheduler', as: 'NIGHTLY' }],
        formation: {
          web: { size: 'basic' },
          worker: { quantity: 2, size: 'standard-1x' },
          clock: { quantity: 1 },
        },
        scripts: { postdeploy: 'echo "seeding with $PLAIN"; exit 3' },
      }),
    );
    const created = await type('create', 'my-app', '--app-json');
    expect(created).toMatchObject({ status: 0 });
    expect(created.stderr.split('\n').filter((line) => line.startsWith('Warning: '))).toEqual([
      'Warning: app.json requires NEEDED and has no value for it. Set one: dynosim config:set -a my-app NEEDED=…',
      expect.stringMatching(
        /^Warning: app\.json asks for the add-on heroku-postgresql:mini: Couldn't find .* \(essential-0, /,
      ),
    ]);
    expect((await type('addons')).stdout).toMatch(/^scheduler \(.*\) .*created\n└─ as NIGHTLY$/m);
    // From a folder that leads to no app, while there are several.
    expect(await type('create', 'second', '--no-remote')).toMatchObject({ status: 0 });
    expect((await run(['stop'], { cwd: makeFolder() })).stderr).toMatch(
      /^dynosim: No app runs from \/.*, and the host has my-app and second\. Name one with -a, /,
    );
    const all = await run(['addons', '--all'], { cwd: makeFolder() });
    expect(all.stdout).toMatch(/^my-app +scheduler-\S+ +scheduler:standard /m);
    await type('apps:destroy', '-a', 'second', '--confirm', 'second');
    expect(JSON.parse((await type('config', '--json')).stdout)).toEqual({
      PLAIN: 'a',
      VALUE: 'b',
      SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await type('buildpacks')).stdout).toMatch(/^none$/m);

    writeFileSync(join(dir, 'Procfile'), `${APP.Procfile}worker: exec sleep 1000\n`);
    const deployed = await type('deploy');
    expect(deployed.status).toBe(0);
    expect(deployed.stdout).toContain(
      'dynosim: Running the postdeploy script of app.json...\n\nseeding with a\n' +
        ' !     dynosim: The postdeploy script of app.json failed: its exit status is 3. Run it again with "dynosim run".\n',
    );
    expect((await type('ps:scale')).stdout).toBe('web=1:Basic worker=2:Standard-1X\n');
    const log = (await type('logs', '-n', '1500')).stdout;
    expect(log).toMatch(/dynosim\[api\]: app\.json asks for dynos of clock, which is no process type/);
    expect(log).toMatch(/app\[run\.\d+\]: seeding with a/);
    expect(log).toMatch(/dynosim\[api\]: the postdeploy script of app\.json failed: its exit status is 3/);
    expect((await type('deploy')).stdout).not.toContain('postdeploy');

    expect(await type('create', 'other', '--app-json', 'nope.json')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^dynosim: nope\.json cannot be used: ENOENT/),
    });
    // Its buildpack is known to be wrong only once it is made.
    expect((await type('create', 'other', '--buildpack', 'nonsense')).status).toBe(1);
    expect((await type('apps')).stdout).not.toContain('other');
    expect(await type('ps', '-a', 'nope')).toMatchObject(
      failed('No app named nope runs. Running: my-app (in the host). Name one with -a or --dir.'),
    );
  });

  test('deploy takes a folder as it is; builds tell of it', async () => {
    const { type, dir, visit } = await startHost();
    await type('create', 'my-app', '--no-remote');
    await type('buildpacks:set', 'none');
    writeFileSync(join(dir, 'web.js'), APP['web.js'].replace('hello', 'changed'));
    const { status, stdout } = await type('deploy');
    expect([status, stdout]).toEqual([0, expect.stringContaining('Released v3')]);
    expect((await visit('my-app')).body).toBe('changed undefined');
    expect(JSON.parse((await type('builds', '--json')).stdout)).toMatchObject([
      { status: 'succeeded', release: 3 },
    ]);
    expect((await type('builds:output')).stdout).toBe(stdout);
    await type('buildpacks:clear');
    expect(await type('deploy')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('Push rejected to my-app.'),
    });
  });

  test('cannot run in the background with a state folder that cannot be', async () => {
    const { status, stdout, stderr } = await run(['host', '--detach', '--state', '/dev/null/state']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^dynosim: dynosim cannot keep its state in \/dev\/null\/state: .*\n/);
    expect(stderr).not.toContain('    at ');
  });

  test('runs in the background; there is one for each state folder', async () => {
    const state = makeFolder();
    const flags = ['--port', '0', '--api-port', '0', '--state', state];
    const first = await run(['host', '--detach', ...flags]);
    onTestFinished(async () => void (await run(['host:stop'])));
    expect(first.stdout).toMatch(/^The host is at http:\/\/localhost:\d+ \(pid \d+\)\n/);
    const info = JSON.parse((await run(['host:info', '--json'])).stdout);
    expect(info).toMatchObject({
      pid: expect.any(Number),
      state,
      apps: [],
      dashboard: `${info.api}/dashboard/`,
    });
    expect((await run(['dashboard', '--url'])).stdout).toMatch(
      new RegExp(`^${info.dashboard}#[a-z2-9]{10}\n$`),
    );
    const second = await run(['host', ...flags]);
    expect(second).toMatchObject({ status: 1, stdout: '' });
    expect(second.stderr).toContain(`A host already runs with its state in ${state} (pid ${info.pid}`);
    const withItsPort = await run(['host', '--state', state, '--api-port', new URL(info.api).port]);
    expect(withItsPort.stderr, 'its port is not what is in the way').toContain('A host already runs');
    const Authorization = `Bearer ${readFileSync(tokenFile(), 'utf8').trim()}`;
    // So many that Node would warn of as many listeners.
    for (let app = 0; app < 11; app += 1)
      await fetch(`${info.api}/apps`, { method: 'POST', headers: { Authorization } });
    expect(await run(['host:stop'])).toMatchObject({ status: 0, stderr: 'Stopping the host... done\n' });
    expect(existsSync(join(state, 'host.json'))).toBe(false);
    expect(readFileSync(join(state, 'host.log'), 'utf8')).toContain('The host is at');
    expect(await run(['host:info'])).toMatchObject(failed('No host runs. Start it with: dynosim host'));
  });

  test('a taken port is an error that names its holder: git remotes carry it', async () => {
    const { process: first } = await startHost();
    const { api, router } = await first.ready();
    const [apiPort, port] = [new URL(api).port, new URL(router).port];
    const state = makeFolder();
    const other = (...flags: readonly string[]) => run(['host', '--state', state, ...flags]);
    expect((await other('-p', '0', '--api-port', apiPort)).stderr).toMatch(
      new RegExp(`^dynosim: Port ${apiPort} of the control API is taken by node`),
    );
    expect((await other('-p', port, '--api-port', '0')).stderr).toMatch(
      new RegExp(`^dynosim: Port ${port} is taken by node .*; --port 0 takes any free one\\.\n$`),
    );
  });
});
