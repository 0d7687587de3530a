import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDependencies } from '../../../../src/config/check/dependencies/index.js';
import { makeFolder } from '../../../helpers/folder.js';

type Files = Readonly<Record<string, string>>;

/** What is found about the `web` command of an app: `lost: …`, `there: …`, `unknown: …`. */
function judge(command: string, files: Files, vars: readonly string[] = []): readonly string[] {
  return judgeIn(makeFolder(files), command, vars);
}

function judgeIn(dir: string, command: string, vars: readonly string[] = []): readonly string[] {
  const found = findDependencies(dir, [{ type: 'web', command, line: 1 }], new Set(vars));
  return [
    ...found.problems.map(({ message }) => `lost: ${message}`),
    ...found.there.map((text) => `there: ${text}`),
    ...found.unknown.map((text) => `unknown: ${text}`),
  ];
}

const json = (value: object): string => JSON.stringify(value);
const npm = (more: object): Files => ({ 'package.json': json({ name: 'app', ...more }) });
const DEV = { devDependencies: { nodemon: '^3' } };
const RUN = { dependencies: { nodemon: '^3' } };
const lock = (dev: boolean): Files => ({
  'package-lock.json': json({
    packages: { 'node_modules/nodemon': { version: '3.0.0', bin: { nodemon: 'x.js' }, ...(dev && { dev }) } },
  }),
});

describe("a program of npm's", () => {
  const LOST =
    'lost: `npm start` starts `nodemon`, which is among devDependencies: Heroku removes these after the build.';
  const start = { scripts: { start: 'nodemon server.js' } };

  it.each<[string, string, Files, readonly string[]]>([
    ['is among devDependencies', 'npm start', npm({ ...start, ...DEV }), [LOST]],
    ['is so by the lock file', 'npm start', { ...npm({ ...start, ...DEV }), ...lock(true) }, [LOST]],
    ['is among dependencies', 'npm start', npm({ ...start, ...RUN }), ['there: nodemon is in dependencies']],
    [
      'is needed by another package as well',
      'npm start',
      { ...npm({ ...start, ...DEV }), ...lock(false) },
      [],
    ],
    [
      'is nowhere',
      'nodemon x',
      npm({}),
      ['lost: `web` starts `nodemon`, but package.json asks for no `nodemon`.'],
    ],
    [
      'is behind an assignment and a wrapper',
      'A=1 cross-env B=2 nodemon x',
      npm({ dependencies: { 'cross-env': '7' }, ...DEV }),
      [LOST.replace('npm start', 'web'), 'there: cross-env is in dependencies'],
    ],
    [
      'comes before the server',
      'tsc && node dist/x.js',
      { ...npm({ devDependencies: { typescript: '5' } }), 'dist/x.js': '' },
      [expect.stringContaining('`web` starts `tsc`') as never],
    ],
    ['is named by its path', 'node_modules/.bin/nodemon x', npm(DEV), [LOST.replace('npm start', 'web')]],
    [
      'is started before start',
      'npm start',
      npm({ scripts: { prestart: 'nodemon x', start: 'node .' }, ...DEV }),
      [LOST, expect.stringContaining('unknown: ') as never],
    ],
    [
      'may be needed by another package of Yarn',
      'npm start',
      { ...npm({ ...start, ...DEV }), 'yarn.lock': 'a@1:\n  dependencies:\n    nodemon "^3"\n' },
      ["unknown: Whether Heroku's build keeps `nodemon`, one of the devDependencies, is not known."],
    ],
    [
      'is needed by none of pnpm',
      'npm start',
      { ...npm({ ...start, ...DEV }), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
      [LOST],
    ],
    [
      'may be kept by a setting of npm',
      'npm start',
      { ...npm({ ...start, ...DEV }), '.npmrc': 'include=dev\n' },
      [expect.stringContaining('unknown: ') as never],
    ],
    ['is fetched when it runs', 'npx nodemon x', npm(DEV), []],
    [
      'is unknown',
      'frobnicate',
      npm({}),
      ['unknown: Whether a dyno has the program `frobnicate` is not known.'],
    ],
    ['belongs to every dyno', 'echo x', npm({}), []],
    ['is started by a script', 'bash run.sh', npm({}), ['unknown: What `web` starts is not known.']],
    [
      'is in another folder',
      'cd client && nodemon x',
      npm(DEV),
      ['unknown: What `web` starts is not known.'],
    ],
    [
      'is of another package',
      'npm --prefix client start',
      npm({ ...start, ...DEV }),
      ['unknown: What `web` starts is not known.'],
    ],
    ['is the app’s own', 'bin/start', npm({}), ['unknown: What `bin/start` needs is not known.']],
    ['cannot be seen', '$CMD', npm({}), ['unknown: What `web` starts is not known.']],
  ])('%s', (_, command, files, expected) => {
    expect(judge(command, files)).toEqual(expected);
  });

  it('is kept by a config var', () => {
    expect(judge('nodemon x', npm(DEV), ['NPM_CONFIG_PRODUCTION'])).toEqual([
      "unknown: Whether Heroku's build keeps `nodemon`, one of the devDependencies, is not known.",
    ]);
  });

  it('has the package that its link in node_modules leads to', () => {
    const dir = makeFolder({ ...npm({ devDependencies: { '@x/tool': '1' } }), 'node_modules/.bin/': '' });
    symlinkSync('../@x/tool/bin.js', join(dir, 'node_modules/.bin/tool'));
    expect(judgeIn(dir, 'tool')).toEqual([
      expect.stringContaining('`web` starts `tool`, which is among devDependencies'),
    ]);
  });
});

describe('an import', () => {
  const imports = (code: string, more: object = {}, files: Files = {}) =>
    judge('node --enable-source-maps server.js', { ...npm(more), 'server.js': code, ...files });

  it.each<[string, string]>([
    ["of Node's own", "import fs from 'node:fs';\nconst { x } = require('http');\nimport 'fs/promises';"],
    ['that may never run', "try {\n  require('gone');\n} catch {}\n"],
    ['in a comment', "// require('gone')\n/*\nimport 'gone';\n*/"],
    ['in a template', "const text = `\nimport x from 'gone';\n`;"],
    ['of the app itself', "import x from 'app/lib';\nimport y from '#lib';"],
    ['of a folder of the app', "import x from 'lib/x';"],
    ['by a variable', 'require(name);'],
  ])('%s needs nothing', (_, code) => {
    expect(imports(code, {}, { 'lib/x.js': '' })).toEqual([]);
  });

  it.each<[string, string, object, Files, string]>([
    [
      'that package.json lacks',
      "import a from 'gone/x';",
      {},
      {},
      'lost: server.js imports `gone/x`, but package.json asks for no `gone`.',
    ],
    [
      'in another file',
      "import { a } from './lib/a';",
      {},
      { 'lib/a.js': "const {\n  b,\n} = require('@x/gone');" },
      'lost: lib/a.js imports `@x/gone`, but package.json asks for no `@x/gone`.',
    ],
    [
      'from devDependencies',
      "export * from 'a';",
      { devDependencies: { a: '1' } },
      {},
      'lost: server.js imports `a`, which is among devDependencies: Heroku removes these after the build.',
    ],
    [
      'that is asked for',
      "import a from 'a';",
      { dependencies: { a: '1' } },
      {},
      'there: a is in dependencies',
    ],
    [
      'that may be in the lock file',
      "import a from 'a';",
      {},
      { 'yarn.lock': 'a@1:\n' },
      'unknown: Whether another package brings `a` is not known.',
    ],
    [
      'in a workspace',
      "import a from 'a';",
      { workspaces: ['x'] },
      {},
      'unknown: Whether another package brings `a` is not known.',
    ],
  ])('%s', (_, code, more, files, expected) => {
    expect(imports(code, more, files)).toEqual([expected]);
  });

  it('needs a package.json', () => {
    expect(judge('node a.js', { 'a.js': "import 'express';" })).toEqual([
      'lost: a.js imports `express`, and there is no package.json that asks for it.',
    ]);
  });

  it('is not known of a file that a build makes, or with a loader', () => {
    expect(judge('node dist/a.js', npm({}))).toEqual([
      'unknown: What `dist/a.js` imports is not known: there is no such file here.',
    ]);
    const preloaded = { ...npm({ dependencies: { x: '1' } }), 'a.js': "import 'gone';" };
    expect(judge('node -r x --import=y a.js', preloaded)).toEqual([
      'lost: `web` imports `y`, but package.json asks for no `y`.',
      'there: x is in dependencies',
      'unknown: Whether a.js finds `gone` is not known.',
    ]);
    expect(judge('node a.js', { ...npm({}), 'a.js': "import 'gone';" }, ['NODE_PATH'])).toEqual([
      'unknown: Whether a.js finds `gone` is not known.',
    ]);
  });

  it('may lead in circles', () => {
    expect(imports("import './a.js';", {}, { 'a.js': "import './server.js';\nimport '.';" })).toEqual([]);
  });
});

describe("a program of Python's", () => {
  const gunicorn = (files: Files) => judge('gunicorn app:app', files);

  it.each<[string, Files, readonly string[]]>([
    [
      'is in requirements.txt',
      { 'requirements.txt': 'Gunicorn[gevent] >= 20 # x\n' },
      ['there: gunicorn is in requirements.txt'],
    ],
    [
      'is in an included file',
      { 'requirements.txt': '-r req/base.txt\n', 'req/base.txt': 'gunicorn==1\n' },
      ['there: gunicorn is in requirements.txt'],
    ],
    [
      'is missing',
      { 'requirements.txt': 'flask\n' },
      ['lost: `web` starts `gunicorn`, but requirements.txt does not have gunicorn.'],
    ],
    [
      'may be an entry without a name',
      { 'requirements.txt': '-e .\n' },
      ['unknown: Whether gunicorn is among the entries of requirements.txt without a name is not known.'],
    ],
    [
      'may come with another',
      { 'requirements.txt': 'mlflow\n' },
      ['unknown: Whether mlflow brings gunicorn is not known.'],
    ],
    [
      'is locked by Pipenv',
      { 'Pipfile.lock': '{\n    "default": {\n        "gunicorn": {\n' },
      ['there: gunicorn is in Pipfile.lock'],
    ],
    [
      'is for development by Pipenv',
      {
        'Pipfile.lock':
          '{\n    "default": {\n        "x": {\n    },\n    "develop": {\n        "gunicorn": {\n',
      },
      [
        'lost: `web` starts `gunicorn`, which Pipfile.lock has for development only: Heroku does not install it.',
      ],
    ],
    [
      'is not locked by uv',
      { 'uv.lock': '[[package]]\nname = "flask"\n' },
      ['lost: `web` starts `gunicorn`, but uv.lock does not have gunicorn.'],
    ],
    [
      'is in a group of Poetry',
      { 'poetry.lock': '[[package]]\nname = "x"\n\n[[package]]\nname = "gunicorn"\ngroups = ["dev"]\n' },
      [expect.stringContaining('for development only') as never],
    ],
    [
      'is not known without a list',
      { 'app.py': '' },
      ['unknown: Whether a dyno has the program `gunicorn` is not known.'],
    ],
  ])('%s', (_, files, expected) => {
    expect(gunicorn(files)).toEqual(expected);
  });

  it('needs what its workers and its module need', () => {
    const files = { 'requirements.txt': 'gunicorn\n', 'app.py': 'from flask import Flask\n' };
    expect(judge('gunicorn app:app -k gevent', files)).toEqual([
      'lost: The worker class `gevent` needs it, but requirements.txt does not have gevent.',
      'lost: app.py imports `flask`, but requirements.txt does not have Flask.',
      'there: gunicorn is in requirements.txt',
    ]);
    expect(
      judge('python -m gunicorn app:app', { ...files, 'requirements.txt': 'gunicorn\nflask-login\n' }),
    ).toEqual([
      'there: gunicorn is in requirements.txt',
      'unknown: Whether flask-login brings Flask is not known.',
    ]);
  });

  it('may be a script', () => {
    const list = { 'requirements.txt': 'flask\n' };
    const script = (code: string) => judge('python app.py', { ...list, 'app.py': code, 'lib.py': '' });
    expect(script('import os, sys\nfrom lib import x\n')).toEqual([]);
    expect(script('import flask\nimport os\n')).toEqual(['there: Flask is in requirements.txt']);
    expect(script('import bottle\n')).toEqual([
      'lost: app.py imports `bottle`, but requirements.txt does not have bottle.',
    ]);
    expect(script('import redis\n')).toEqual([
      'unknown: Which packages bring what app.py imports is not known.',
    ]);
    expect(judge('python manage.py runserver', { 'app.py': '' })).toEqual([
      'unknown: Which packages bring what manage.py imports is not known.',
    ]);
  });

  it('may be brought by an extra', () => {
    expect(judge('uvicorn a:b', { 'requirements.txt': 'fastapi[standard]\n' })).toEqual([
      'unknown: Whether fastapi[standard] brings uvicorn is not known.',
    ]);
    expect(judge('uvicorn a:b', { 'requirements.txt': 'fastapi\n' })).toEqual([
      expect.stringContaining('does not have uvicorn'),
    ]);
  });
});

describe('a gem', () => {
  const LOCK = 'GEM\n  specs:\n    puma (6.0.0)\n      nio4r (~> 2.0)\n    nio4r (2.7.0)\n';

  it.each<[string, string, Files, readonly string[]]>([
    [
      'is locked',
      'bundle exec puma -p $PORT',
      { 'Gemfile.lock': LOCK, Gemfile: 'gem "puma"\n' },
      ['there: puma is in Gemfile.lock'],
    ],
    [
      'is not locked',
      'bundle exec sidekiq',
      { 'Gemfile.lock': LOCK },
      ['lost: `web` starts `sidekiq`, but Gemfile.lock does not have the gem `sidekiq`.'],
    ],
    [
      'is for development',
      'puma',
      { 'Gemfile.lock': LOCK, Gemfile: 'group :development, :test do\n  gem "puma"\nend\n' },
      [
        'lost: `web` starts `puma`, whose gem is only in the groups development or test: Heroku does not install it.',
      ],
    ],
    [
      'is in two groups',
      'puma',
      { 'Gemfile.lock': LOCK, Gemfile: 'gem "puma"\ngem "puma", group: :development\n' },
      ['there: puma is in Gemfile.lock'],
    ],
    ['is of Ruby itself', 'bundle exec rake jobs', { 'Gemfile.lock': LOCK }, []],
  ])('%s', (_, command, files, expected) => {
    expect(judge(command, files)).toEqual(expected);
  });
});

it('a program of Go is built if its package is there', () => {
  const files = { 'go.mod': 'module example.com/shop/v2\n\ngo 1.25\n', 'cmd/worker/main.go': '' };
  const there = (name: string) => [`there: ${name} is in what go build makes`];
  expect(judge('shop', files)).toEqual(there('shop'));
  expect(judge('bin/worker -x', files)).toEqual(there('worker'));
  expect(judge('bin/other', files)).toEqual(['unknown: What `bin/other` needs is not known.']);
});

it('what cannot be read is not known', () => {
  expect(judge('npm start', { 'package.json': '{' })).toEqual(['unknown: package.json cannot be read.']);
});
