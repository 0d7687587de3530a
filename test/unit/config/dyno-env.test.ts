import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  appBinDirs,
  buildDynoEnv,
  type DynoEnvSources,
  parsePort,
  routerPort,
} from '../../../src/config/dyno-env.js';
import type { Config } from '../../../src/config/layers.js';
import { makeFolder } from '../../helpers/folder.js';

const vars = (values: Record<string, string>): Config =>
  new Map(
    Object.entries(values).map(([key, value]) => [key, { value, from: { kind: 'file', file: '.env' } }]),
  );

const build = (sources: Partial<DynoEnvSources> = {}): Record<string, string> =>
  buildDynoEnv({ shell: { PATH: '/bin' }, configVars: new Map(), dyno: 'web.1', port: 20_000, ...sources });

describe('buildDynoEnv', () => {
  it('gives a dyno its name, its port, and Python without buffers', () => {
    expect(build()).toEqual({ PATH: '/bin', PYTHONUNBUFFERED: '1', PORT: '20000', DYNO: 'web.1' });
  });

  it('lets config vars win over the shell', () => {
    expect(build({ shell: { A: 'shell', B: 'shell' }, configVars: vars({ A: 'config' }) })).toMatchObject({
      A: 'config',
      B: 'shell',
    });
  });

  it('lets a config var turn Python buffers on again, which the shell cannot', () => {
    expect(build({ shell: { PYTHONUNBUFFERED: '' } })).toMatchObject({ PYTHONUNBUFFERED: '1' });
    expect(build({ configVars: vars({ PYTHONUNBUFFERED: '' }) })).toMatchObject({ PYTHONUNBUFFERED: '' });
  });

  it('asks for colors where they are shown, unless somebody has decided that', () => {
    expect(build({ hasColor: true })).toMatchObject({ FORCE_COLOR: '1' });
    expect(build({ hasColor: true, configVars: vars({ FORCE_COLOR: '0' }) })).toMatchObject({
      FORCE_COLOR: '0',
    });
    expect(build({ hasColor: true, configVars: vars({ NO_COLOR: '1' }) })).not.toHaveProperty('FORCE_COLOR');
    expect(build()).not.toHaveProperty('FORCE_COLOR');
  });

  it('never passes on a PORT or a DYNO of the shell or the config vars', () => {
    const env = build({ shell: { PORT: '1', DYNO: 'x' }, configVars: vars({ PORT: '2', DYNO: 'y' }) });
    expect(env).toMatchObject({ PORT: '20000', DYNO: 'web.1' });
  });

  it("puts the app's own programs around PATH, from any source", () => {
    const binDirs = { beforePath: ['/app/node_modules/.bin', '/app/venv/bin'], behindPath: ['/app/bin'] };
    expect(build({ binDirs })).toMatchObject({ PATH: '/app/node_modules/.bin:/app/venv/bin:/bin:/app/bin' });
    expect(build({ binDirs, configVars: vars({ PATH: '/opt/bin' }) })).toMatchObject({
      PATH: '/app/node_modules/.bin:/app/venv/bin:/opt/bin:/app/bin',
    });
  });

  it('prefers all else to the defaults', () => {
    const defaults = [
      ['A', '0'],
      ['B', '0'],
      ['C', '0'],
    ] as const;
    const env = build({ defaults, shell: { A: '1', B: '1' }, configVars: vars({ B: '2' }) });
    expect(env).toMatchObject({ A: '1', B: '2', C: '0' });
  });

  it("gives Heroku's PATH to a dyno that would have none", () => {
    expect(build({ shell: {} })).toMatchObject({ PATH: '/usr/local/bin:/usr/bin:/bin' });
  });

  it('keeps of the shell only what a program needs if the environment is to be clean', () => {
    const shell = {
      PATH: '/bin',
      HOME: '/root',
      LANG: 'C',
      TERM: 'xterm',
      TMPDIR: '/tmp',
      USER: 'me',
      PORT: '1',
      LC_ALL: 'C',
    };
    expect(build({ shell, isClean: true, configVars: vars({ A: '1' }) })).toEqual({
      PATH: '/bin',
      HOME: '/root',
      LANG: 'C',
      TERM: 'xterm',
      TMPDIR: '/tmp',
      PYTHONUNBUFFERED: '1',
      A: '1',
      PORT: '20000',
      DYNO: 'web.1',
    });
  });

  it('keeps from a dyno what npm adds for the script that dynosim is', () => {
    const shell = {
      PATH: '/x/node_modules/.bin:/bin',
      NODE_OPTIONS: '--max-old-space-size=100',
      npm_execpath: '/npm-cli.js',
      npm_node_execpath: '/node',
      npm_lifecycle_event: 'start',
      npm_config_workspace: 'x',
      npm_package_name: 'x',
      INIT_CWD: '/x',
      NODE: '/node',
    };
    const env = build({ shell });
    expect(Object.keys(env).filter((key) => /npm_|INIT_CWD|^NODE$/.test(key))).toEqual([]);
    expect(env).toMatchObject({
      PATH: '/x/node_modules/.bin:/bin',
      NODE_OPTIONS: '--max-old-space-size=100',
    });
  });

  it('passes on npm settings of a shell that npm did not make', () => {
    const shell = { npm_config_registry: 'https://r', INIT_CWD: '/x', NODE: '/my/node' };
    expect(build({ shell })).toMatchObject(shell);
  });

  it('keeps config vars that look like those of npm', () => {
    const env = build({
      shell: { npm_execpath: 'x' },
      configVars: vars({ npm_config_registry: 'https://r' }),
    });
    expect(env).toMatchObject({ npm_config_registry: 'https://r' });
  });

  it('gives a dyno facts about its app only on request, and then last, like the platform', () => {
    const metadata = {
      appId: 'a-1',
      appName: 'my-app',
      domain: 'my-app.localhost',
      dynoId: 'd-1',
      release: {
        version: 42,
        createdAt: Date.UTC(2015, 3, 2, 18, 0, 42, 123),
        description: 'Deploy 2c3a0b2',
        commit: '2c3a0b2',
      },
    };
    const configVars = vars({ HEROKU_APP_NAME: 'other' });
    expect(build({ configVars })).toMatchObject({ HEROKU_APP_NAME: 'other' });
    expect(build({ configVars, metadata })).toMatchObject({
      HEROKU_APP_ID: 'a-1',
      HEROKU_APP_NAME: 'my-app',
      HEROKU_APP_DEFAULT_DOMAIN_NAME: 'my-app.localhost',
      HEROKU_DYNO_ID: 'd-1',
      HEROKU_RELEASE_CREATED_AT: '2015-04-02T18:00:42Z',
      HEROKU_RELEASE_VERSION: 'v42',
      HEROKU_SLUG_COMMIT: '2c3a0b2',
      HEROKU_SLUG_DESCRIPTION: 'Deploy 2c3a0b2',
      HEROKU_BUILD_COMMIT: '2c3a0b2',
      HEROKU_BUILD_DESCRIPTION: 'Deploy 2c3a0b2',
    });
    const { commit, ...release } = metadata.release;
    expect(commit).toBeDefined();
    expect(build({ metadata: { ...metadata, release } })).not.toHaveProperty('HEROKU_SLUG_COMMIT');
  });

  it('takes names that JavaScript gives a meaning to', () => {
    const configVars = new Map([['__proto__', { value: 'x' }]]);
    expect(Object.entries(build({ configVars }))).toContainEqual(['__proto__', 'x']);
  });
});

describe('appBinDirs', () => {
  it('are those that are there, the most specific first', () => {
    expect(appBinDirs(makeFolder())).toEqual({ beforePath: [], behindPath: [] });
    const dir = makeFolder({ 'venv/bin/': '', 'node_modules/.bin/': '', '.venv/bin/': '', 'bin/': '' });
    expect(appBinDirs(dir)).toEqual({
      beforePath: ['node_modules/.bin', '.venv/bin', 'venv/bin'].map((name) => join(dir, name)),
      behindPath: [join(dir, 'bin')],
    });
  });

  it.each([
    ['npm', { 'package.json': '{"workspaces": ["packages/*"]}' }],
    ['pnpm', { 'pnpm-workspace.yaml': '' }],
  ])('are also those at the root of a workspace of %s', (_, files) => {
    const root = makeFolder({ ...files, 'node_modules/.bin/': '', 'packages/a/package.json': '{}' });
    expect(appBinDirs(join(root, 'packages/a')).beforePath).toEqual([join(root, 'node_modules/.bin')]);
  });

  it('are none of a folder above that has nothing to do with the app', () => {
    const above = makeFolder({ 'package.json': '{}', 'node_modules/.bin/': '', 'app/': '' });
    expect(appBinDirs(join(above, 'app')).beforePath).toEqual([]);
  });
});

describe('routerPort', () => {
  it('is PORT of the env files, else of the shell, else 5006', () => {
    expect(routerPort(vars({ PORT: '3000' }), { PORT: '4000' })).toBe(3000);
    expect(routerPort(vars({}), { PORT: '4000' })).toBe(4000);
    expect(routerPort(vars({}), {})).toBe(5006);
    expect(routerPort(vars({ PORT: '' }), { PORT: '' })).toBe(5006);
  });

  it('names what set a PORT that is none', () => {
    expect(() => routerPort(vars({ PORT: 'http' }), {})).toThrow(
      expect.objectContaining({ code: 'BAD_PORT', message: 'PORT in .env is not a port: "http"' }),
    );
    expect(() => routerPort(vars({}), { PORT: '99999' })).toThrow(
      'PORT in the environment is not a port: "99999"',
    );
  });
});

describe('parsePort', () => {
  it.each([
    ['0', 0],
    ['65535', 65_535],
    [' 80 ', 80],
  ])('reads %j', (text, port) => {
    expect(parsePort(text, '--port')).toBe(port);
  });

  it.each(['', '-1', '65536', '80.5', '0x50', '1e3', '8 0', 'tcp://1:2'])('refuses %j', (text) => {
    expect(() => parsePort(text, '--port')).toThrow(`--port is not a port: "${text}"`);
  });
});
