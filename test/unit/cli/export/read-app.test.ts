import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { addonsFile, addonsFolder } from '../../../../src/addons/folder.js';
import { appIdOf } from '../../../../src/apps/app-name.js';
import { readAppToExport } from '../../../../src/cli/export/read-app.js';
import { exportApp } from '../../../../src/export/export-app.js';
import { dataFolder } from '../../../../src/tls/data-folder.js';
import { EXAMPLES } from '../../../helpers/dynosim.js';
import { makeFolder } from '../../../helpers/folder.js';

let home = '';

beforeEach(() => {
  home = makeFolder();
  vi.stubEnv('XDG_STATE_HOME', join(home, 'state'));
  vi.stubEnv('XDG_DATA_HOME', join(home, 'data'));
  return () => vi.unstubAllEnvs();
});

function write(path: string, record: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ format: 1, ...record }));
}

const DATE = '2026-11-29T00:00:00.000Z';

function addon(app: string, service = 'heroku-postgresql') {
  const settings = { major: '16', provider: 'machine', user: 'u', password: 'p', database: 'd' };
  const shared = { state: 'provisioned', created_at: DATE, updated_at: DATE, port: 1234 };
  return {
    id: `id-of-${app}`,
    name: `name-of-${app}`,
    service,
    plan: 'essential-0',
    app,
    settings,
    ...shared,
  };
}

function attachment(name: string, app: string, owner: string) {
  return { id: name, name, addon: `id-of-${owner}`, app, created_at: DATE };
}

test.each([
  ['flask-gunicorn', 'python:3.13-slim', ['web']],
  ['flask-postgres', 'python:3.14-slim', ['web']],
  ['flask-uwsgi', 'python:3.13.9-slim', ['web']],
  ['node-postgres-redis', 'node:24-slim', ['web', 'worker']],
  ['node-web-worker', 'node:24-slim', ['web', 'worker', 'clock']],
  ['sleepy-counter', 'node:24-slim', ['web', 'clock']],
])('the example %s can be exported', async (name, base, types) => {
  const { app } = await readAppToExport({ dir: join(EXAMPLES, name) });
  expect(app.source).toMatchObject({ from: 'recipe', recipe: { base } });
  expect(app.processes.map(({ type }) => type)).toEqual(types);
  for (const engine of ['compose', 'kubernetes'] as const) {
    const places = { context: '../..', out: `deploy/${engine}` };
    const files = exportApp(app, engine, places).map(({ path }) => path);
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'Dockerfile', 'Dockerfile.dockerignore', 'config.env']),
    );
  }
});

describe('the app of a folder', () => {
  const FILES = {
    Procfile: 'web: node web.js\nrelease: node migrate.js\nworker: node worker.js\n',
    'package.json': '{}',
    '.env': 'A=1\nPORT=3000\n',
  };

  test('has the env files that its config vars come from', async () => {
    const dir = makeFolder({
      ...FILES,
      '.dynosimrc': '--env config/prod.vars\n',
      'config/prod.vars': 'B=2\n',
    });
    const { app } = await readAppToExport({ dir });
    expect(app.envFiles).toEqual(['config/prod.vars']);
    expect(Object.fromEntries(app.configVars)).toEqual({ B: '2' });
  });

  test('is what start would run, without anything that runs', async () => {
    const dir = makeFolder({
      ...FILES,
      '.dynosimrc':
        '--formation web=2\n--size standard-1x\n--sleep-after 5m\n--memory-quota 300m\n--app other\n',
      '.profile': '',
    });
    const { app, dir: source, base, warnings } = await readAppToExport({ dir });
    expect({ ...app, configVars: Object.fromEntries(app.configVars) }).toMatchObject({
      name: 'other',
      image: 'other',
      hosts: ['other.localhost'],
      processes: [
        { type: 'web', command: 'node web.js', quantity: 2, size: 'Standard-1X' },
        { type: 'worker', command: 'node worker.js', quantity: 1, size: 'Standard-1X' },
      ],
      release: 'node migrate.js',
      configVars: { A: '1', PORT: '3000' },
      addons: [],
      source: { from: 'recipe', hasProfile: true },
      sleepAfterMs: 300_000,
      memoryQuota: 300 * 1024 ** 2,
    });
    expect([source, base]).toEqual([dir, dir]);
    expect(warnings).toEqual([]);
  });

  test('has its add-ons as they are recorded', async () => {
    const dir = makeFolder(FILES);
    const id = appIdOf(dir);
    const folder = addonsFolder(dataFolder(process.env), dir);
    write(addonsFile(folder), {
      addons: [addon(id)],
      attachments: [attachment('DATABASE', id, id)],
      jobs: [],
      backup_schedules: [],
    });
    expect((await readAppToExport({ dir })).app.addons).toMatchObject([
      {
        name: `name-of-${id}`,
        service: 'heroku-postgresql',
        attachments: ['DATABASE'],
        settings: { user: 'u' },
      },
    ]);
  });

  test('takes its name, image and host from flags', async () => {
    const dir = makeFolder(FILES);
    const { app } = await readAppToExport({
      dir,
      app: 'shop',
      image: 'example.com/a:v1',
      host: 'a.example.com',
    });
    expect(app).toMatchObject({ name: 'shop', image: 'example.com/a:v1', hosts: ['a.example.com'] });
  });

  test.each([
    [{ image: 'A B' }, '`A B` is not the name of an image'],
    [{ host: 'a b' }, '`a b` is not a host name'],
    [{ app: 'A_B' }, '"A_B" is not a name for an app'],
  ])('is refused with %j', async (flags, message) => {
    await expect(readAppToExport({ dir: makeFolder(FILES), ...flags })).rejects.toThrow(message);
  });

  test('without files of an app is refused', async () => {
    await expect(readAppToExport({ dir: makeFolder() })).rejects.toThrow('There is no Procfile');
    await expect(readAppToExport({ dir: makeFolder(), app: 'shop' })).rejects.toThrow(
      'There is no app named shop',
    );
  });

  test('is warned about values that lead to this machine', async () => {
    const dir = makeFolder({
      ...FILES,
      '.env': 'A_URL=redis://localhost:6379\nB=localhost.example.com\nC=u@127.0.0.1\n',
    });
    expect((await readAppToExport({ dir })).warnings).toEqual([
      expect.stringMatching(/^A_URL leads to this machine/),
      expect.stringMatching(/^C leads to this machine/),
    ]);
  });

  test('with a Procfile of which nothing can run is refused', async () => {
    const empty = makeFolder({ ...FILES, Procfile: '' });
    await expect(readAppToExport({ dir: empty })).rejects.toThrow('The file is empty');
    const broken = makeFolder({ ...FILES, Procfile: 'this is none\n' });
    await expect(readAppToExport({ dir: broken })).rejects.toThrow('No line of this file can be run');
  });

  test('comes with the problems of its files', async () => {
    const dir = makeFolder({ ...FILES, Procfile: 'web: node web.js\nworker node\n', '.env': 'nonsense\n' });
    const { problems } = await readAppToExport({ dir });
    expect(problems).toMatchObject([
      { file: 'Procfile', line: 2 },
      { file: '.env', line: 1 },
    ]);
  });

  test('has the name, the host name and the port that the user gives', async () => {
    const dir = makeFolder(FILES);
    const { app } = await readAppToExport({ dir, host: 'Shop.Example.COM', port: 3000 });
    expect(app).toMatchObject({ hosts: ['shop.example.com'], port: 3000 });
    await expect(readAppToExport({ dir, app: '' })).rejects.toThrow('app');
  });

  test('is warned about Rails without a key', async () => {
    const lock = 'GEM\n  specs:\n    railties (8.0.0)\n';
    const rails = makeFolder({ Procfile: 'web: rails s\n', Gemfile: '', 'Gemfile.lock': lock });
    expect((await readAppToExport({ dir: rails })).warnings).toEqual([
      expect.stringContaining('SECRET_KEY_BASE'),
    ]);
  });
});

describe('an app of a host', () => {
  function keepApp(slug: string | null = 's1'): string {
    const state = join(home, 'state/dynosim/host');
    const folder = join(state, 'apps/f1');
    write(join(folder, 'app.json'), {
      id: 'a1',
      name: 'shop',
      created_at: DATE,
      config: { A: '1' },
      formation: { web: { quantity: 2, size: 'Basic' } },
      maintenance: false,
      features: ['runtime-dyno-metadata'],
      drains: [],
      domains: [{ id: 'd1', hostname: 'www.example.com', created_at: DATE }],
      buildpacks: [{ name: 'heroku/nodejs', url: 'x' }],
    });
    const release = { description: '', created_at: DATE, config: {}, output: null };
    write(join(folder, 'releases/1.json'), { ...release, id: 'r1', version: 1, status: 'succeeded', slug });
    write(join(folder, 'releases/2.json'), {
      ...release,
      id: 'r2',
      version: 2,
      status: 'failed',
      slug: 's2',
    });
    write(join(folder, 'slugs/7.json'), {
      id: 's1',
      commit: null,
      processes: [
        { type: 'web', command: 'node web.js' },
        { type: 'release', command: 'true' },
      ],
      bytes: 1,
      buildpacks: [],
      language: 'Node.js',
      created_at: DATE,
      removed: false,
    });
    mkdirSync(join(folder, 'slugs/7'));
    writeFileSync(join(folder, 'slugs/7/package.json'), '{}');
    write(addonsFile(addonsFolder(dataFolder(process.env), state)), {
      addons: [addon('a1'), addon('a2', 'heroku-redis')],
      attachments: [attachment('DATABASE', 'a1', 'a1'), attachment('REDIS', 'a1', 'a2')],
      jobs: [],
      backup_schedules: [],
    });
    return folder;
  }

  test('is what the host keeps, whether or not it runs', async () => {
    const folder = keepApp();
    const here = makeFolder();
    const { app, dir, base, warnings } = await readAppToExport({ dir: here, app: 'shop' });
    expect({ ...app, configVars: Object.fromEntries(app.configVars) }).toMatchObject({
      name: 'shop',
      hosts: ['www.example.com'],
      processes: [{ type: 'web', command: 'node web.js', quantity: 2, size: 'Basic' }],
      release: 'true',
      configVars: { A: '1' },
      addons: [{ name: 'name-of-a1', attachments: ['DATABASE'] }],
      source: { from: 'recipe', recipe: { language: 'node' }, hasProfile: false },
      hasDynoMetadata: true,
    });
    expect([dir, base]).toEqual([join(folder, 'slugs/7'), here]);
    expect(warnings).toEqual([expect.stringContaining('REDIS is an add-on of another app')]);
  });

  test('is built from the folder of the command, if that has its source', async () => {
    keepApp();
    const here = makeFolder({ 'package.json': '{}' });
    expect((await readAppToExport({ dir: here, app: 'shop' })).dir).toBe(here);
  });

  test('is found by the git remote of the folder, as by all commands', async () => {
    keepApp();
    const here = makeFolder({ Procfile: 'web: node web.js\n', 'package.json': '{}' });
    execFileSync('git', ['init', '--quiet', here]);
    const addRemote = (name: string, url: string) =>
      execFileSync('git', ['-C', here, 'remote', 'add', name, url]);
    addRemote('origin', 'https://127.0.0.1:5005/shop.git');
    expect((await readAppToExport({ dir: here })).app.hosts).not.toContain('www.example.com');
    addRemote('heroku', 'https://127.0.0.1:5005/shop.git');
    const { app, dir } = await readAppToExport({ dir: here });
    expect([app.name, app.hosts, dir]).toEqual(['shop', ['www.example.com'], here]);
    mkdirSync(join(here, 'below'));
    const below = await readAppToExport({ dir: join(here, 'below') });
    expect([below.app.name, below.dir, below.base]).toEqual(['shop', here, here]);
    execFileSync('git', ['-C', here, 'remote', 'set-url', 'heroku', 'https://git.heroku.com/shop.git']);
    expect((await readAppToExport({ dir: here })).app.hosts).not.toContain('www.example.com');
  });

  test('is found by a git remote that is named', async () => {
    keepApp();
    const here = makeFolder({ Procfile: 'web: node web.js\n', 'package.json': '{}' });
    execFileSync('git', ['init', '--quiet', here]);
    execFileSync('git', ['-C', here, 'remote', 'add', 'staging', 'https://127.0.0.1:5005/shop.git']);
    execFileSync('git', ['-C', here, 'remote', 'add', 'old', 'https://127.0.0.1:5005/gone.git']);
    const hosts = async (remote: string) => (await readAppToExport({ dir: here, remote })).app.hosts;
    expect(await hosts('staging')).toEqual(['www.example.com']);
    await expect(hosts('old')).rejects.toThrow('There is no app named gone');
    await expect(hosts('other')).rejects.toThrow(/^No git remote other of .* leads to an app of a host$/);
  });

  test('is found by HEROKU_APP, unless the git remote leads to another, as by all commands', async () => {
    keepApp();
    const here = makeFolder({ Procfile: 'web: node web.js\n', 'package.json': '{}' });
    vi.stubEnv('HEROKU_APP', 'shop');
    expect((await readAppToExport({ dir: here })).app.hosts).toEqual(['www.example.com']);
    expect((await readAppToExport({ dir: here, app: 'mine' })).app.hosts).toEqual(['mine.localhost']);
    vi.stubEnv('HEROKU_APP', 'unknown');
    expect((await readAppToExport({ dir: here })).app.hosts).not.toContain('www.example.com');
    vi.stubEnv('HEROKU_APP', 'other');
    execFileSync('git', ['init', '--quiet', here]);
    execFileSync('git', ['-C', here, 'remote', 'add', 'heroku', 'https://127.0.0.1:5005/shop.git']);
    expect((await readAppToExport({ dir: here })).app.hosts).toEqual(['www.example.com']);
  });

  test('without code is refused', async () => {
    keepApp(null);
    await expect(readAppToExport({ dir: makeFolder(), app: 'shop' })).rejects.toThrow('shop has no code yet');
  });
});
