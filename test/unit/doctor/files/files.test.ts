import { describe, expect, it } from 'vitest';
import type { Tracked } from '../../../../src/base/programs.js';
import { readImports } from '../../../../src/config/check/dependencies/imports.js';
import { scriptsOf } from '../../../../src/config/check/scripts-of.js';
import type { AppFiles } from '../../../../src/doctor/files/app-files.js';
import { findGitProblems } from '../../../../src/doctor/files/git-problems.js';
import { findLeftOut } from '../../../../src/doctor/files/left-out.js';
import { misnamedProcfile } from '../../../../src/doctor/files/misnamed.js';
import { findSettingsProblems } from '../../../../src/doctor/files/settings.js';
import { findStored } from '../../../../src/doctor/files/stored.js';
import type { Problem } from '../../../../src/procfile/problem.js';
import { type SubjectFlags, subjectIn } from '../../../helpers/doctor-subject.js';
import { makeFolder } from '../../../helpers/folder.js';

type Files = Readonly<Record<string, string>>;

const NO_REPOSITORY: Tracked = { at: 'no repository' };

function inGit(...files: readonly string[]): Tracked {
  return { at: 'repository', files: new Map(files.map((file) => [file, '100644'])) };
}

async function appIn(files: Files, tracked = NO_REPOSITORY, flags?: SubjectFlags): Promise<AppFiles> {
  const dir = makeFolder(files);
  const subject = await subjectIn(dir, flags);
  const entries = Object.keys(files).filter((name) => /^\w+\.js$/.test(name));
  return { ...subject, tracked, scripts: scriptsOf(dir), sources: readImports(dir, entries) };
}

function lines(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ severity, file, line, message }) => `${severity} ${file}:${line} ${message}`);
}

it.each<[readonly string[], boolean, string | undefined]>([
  [['Procfile', 'procfile'], false, undefined],
  [['procfile'], false, 'procfile'],
  [['PROCFILE', 'package.json'], true, 'PROCFILE'],
  [['Procfile.txt'], true, 'Procfile.txt'],
  [['Procfile.dev'], true, undefined],
  [['Procfile.dev'], false, 'Procfile.dev'],
  [['profile'], false, undefined],
])('of %j, with other processes: %s, %s was meant to be the Procfile', (names, hasProcesses, expected) => {
  expect(misnamedProcfile(names, hasProcesses)).toBe(expected);
});

describe('what Heroku does not get', () => {
  const APP = { Procfile: 'web: node web.js\n', 'web.js': "import './lib.js';", 'lib.js': '' };

  it.each<[string, Files, Tracked, readonly string[]]>([
    [
      'is nothing',
      { ...APP, '.gitignore': 'node_modules\n.env\n', '.slugignore': '*.psd\n' },
      NO_REPOSITORY,
      [],
    ],
    [
      'is ignored by git',
      { ...APP, 'package.json': '{}', '.gitignore': 'package.json\nlib.js\n' },
      NO_REPOSITORY,
      [
        'error .gitignore:0 .gitignore leaves out `package.json` and `lib.js`, which the app needs on Heroku.',
      ],
    ],
    ['is not what git has all the same', { ...APP, '.gitignore': 'lib.js\n' }, inGit('lib.js'), []],
    [
      'is not known without git’s answer',
      { ...APP, '.gitignore': 'lib.js\n' },
      { at: 'unknown', why: '' },
      [],
    ],
    [
      'is left out of the slug',
      { ...APP, '.slugignore': '/lib.js\nProc*\n' },
      NO_REPOSITORY,
      ['error .slugignore:0 .slugignore leaves out `Procfile` and `lib.js`, which the app needs on Heroku.'],
    ],
    [
      'is what no build makes',
      { ...APP, 'package.json': '{"scripts":{"build":"x"}}', '.gitignore': 'lib.js\n' },
      NO_REPOSITORY,
      [],
    ],
    [
      'may be a module of Python',
      { Procfile: 'web: gunicorn app:app\n', 'app.py': 'app = 1', '.gitignore': '*.py\n' },
      NO_REPOSITORY,
      ['error .gitignore:0 .gitignore leaves out `app.py`, which the app needs on Heroku.'],
    ],
    [
      'may be in a folder',
      {
        Procfile: 'web: node lib/web.js\n',
        'lib/web.js': '',
        '.slugignore': 'lib\n',
        'web.js': "import './lib/web.js'",
      },
      NO_REPOSITORY,
      ['error .slugignore:0 .slugignore leaves out `lib/web.js`, which the app needs on Heroku.'],
    ],
  ])('%s', async (_, files, tracked, expected) => {
    expect(lines(findLeftOut(await appIn(files, tracked)))).toEqual(expected);
  });
});

describe('in git', () => {
  it('secrets are a fault, examples of them are not', async () => {
    const files = { '.env': '# mine\nA=1\n', '.env.example': 'A=\n', Procfile: 'web: a\n' };
    const all = inGit(...Object.keys(files));
    expect(lines(findGitProblems(await appIn(files, all)))).toEqual([
      'warning .env:0 git tracks `.env`: everybody who gets the repository gets its values.',
    ]);
    expect(findGitProblems(await appIn(files, all, { envFiles: ['.env.example'] }))).toEqual([]);
    expect(findGitProblems(await appIn({ ...files, '.env': '# nothing\n' }, all))).toEqual([]);
    expect(findGitProblems(await appIn(files, NO_REPOSITORY))).toEqual([]);
  });

  it('names that differ only in case are', async () => {
    expect(lines(findGitProblems(await appIn({}, inGit('a/Logo.png', 'b', 'a/logo.png'))))).toEqual([
      'warning .:0 `a/Logo.png` and `a/logo.png` differ only in case.',
    ]);
  });

  it('an old spelling of Procfile is', async () => {
    expect(lines(findGitProblems(await appIn({ Procfile: 'web: a\n' }, inGit('procfile'))))).toEqual([
      'error Procfile:0 git has `procfile` instead of `Procfile`, and so would Heroku.',
    ]);
  });

  it('a program that may not be run is', async () => {
    const files = { Procfile: 'web: ./bin/web -x\nb: bin/b\n', 'bin/web': '', 'bin/b': '' };
    const tracked: Tracked = {
      at: 'repository',
      files: new Map([
        ['bin/web', '100644'],
        ['bin/b', '100755'],
      ]),
    };
    expect(lines(findGitProblems(await appIn(files, tracked)))).toEqual([
      'error bin/web:0 git has `bin/web` without the right to be run: on Heroku the command fails with "Permission denied".',
    ]);
  });

  it('what Git LFS keeps elsewhere is', async () => {
    const files = { '.gitattributes': '# filter=lfs\n*.js text\n*.bin filter=lfs diff=lfs -text\n' };
    expect(lines(findGitProblems(await appIn(files, inGit('.gitattributes'))))).toEqual([
      'warning .gitattributes:3 Git LFS keeps these files elsewhere: Heroku gets only pointers to them.',
    ]);
  });
});

describe('what a restart loses', () => {
  it.each<[string, string, RegExp]>([
    [
      'a.js',
      "import Database from 'better-sqlite3';\nconst db = new Database('data.db');",
      /^warning a\.js:2 The SQLite database `data\.db` is a file/,
    ],
    [
      'a.js',
      "const sqlite = require('node:sqlite');\nnew sqlite.DatabaseSync; new DatabaseSync('x.db')",
      /`x\.db`/,
    ],
    ['a.js', "new Sequelize({ dialect: 'sqlite' });", /SQLite database is a file/],
    [
      'a.js',
      "const upload = multer({ dest: 'uploads/' });",
      /^warning a\.js:1 Uploads go to a folder of the app, `uploads\/`:/,
    ],
    ['app.py', "db = sqlite3.connect('data.db')", /`data\.db`/],
    ['shop/models.py', "URL = 'sqlite:///shop.db'", /^warning shop\/models\.py:1 .*`shop\.db`/],
    ['settings.py', "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}", /SQLite/],
    ['settings.py', "MEDIA_ROOT = BASE_DIR / 'media'", /Uploads go to a folder of the app:/],
    ['app.py', "app.config['UPLOAD_FOLDER'] = 'static/up'", /`static\/up`/],
  ])('in %s: %s', async (name, code, expected) => {
    const files = { [name]: code, 'requirements.txt': '' };
    expect(lines(findStored(await appIn(files)).problems)).toEqual([expect.stringMatching(expected)]);
  });

  it.each<[string, string]>([
    ['a.js', "import Database from 'better-sqlite3';\nconst db = new Database(':memory:');"],
    ['a.js', "import 'sqlite3';\nconst db = process.env.DATABASE_URL ? pg() : new Database('x.db');"],
    ['a.js', "const db = new Database('x');"],
    ['a.js', "// multer({ dest: 'uploads/' })"],
    ['a.js', "const upload = multer({ dest: '/tmp/up' });"],
    ['app.py', "# sqlite3.connect('data.db')"],
    ['tests/test_app.py', "sqlite3.connect('data.db')"],
    ['settings.py', "import dj_database_url\nX = {'ENGINE': 'django.db.backends.sqlite3'}"],
    ['app.py', "URL = os.environ.get('DATABASE_URL', 'sqlite:///x.db')"],
  ])('nothing in %s: %s', async (name, code) => {
    expect(findStored(await appIn({ [name]: code, 'requirements.txt': '' })).problems).toEqual([]);
  });
});

describe('a Django project', () => {
  const MANAGE = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
  const APPS = "INSTALLED_APPS = [\n  'django.contrib.staticfiles',\n]\n";
  const find = async (settings: string, more: Files = {}) =>
    lines(findSettingsProblems(await appIn({ 'manage.py': MANAGE, 'shop/settings.py': settings, ...more })));

  it('needs a folder for its static files', async () => {
    expect(await find(APPS)).toEqual([
      'warning shop/settings.py:0 There is no STATIC_ROOT, so that collectstatic, and with it the build on Heroku, fails.',
    ]);
    expect(await find(`${APPS}STATIC_ROOT = 'x'\n`)).toEqual([]);
    expect(await find(`from .base import *\n${APPS}`)).toEqual([]);
    expect(await find('INSTALLED_APPS = []\n')).toEqual([]);
    expect(await find(APPS, { '.env': 'DISABLE_COLLECTSTATIC=1\n' })).toEqual([]);
    expect(lines(findSettingsProblems(await appIn({})))).toEqual([]);
  });
});

it('finds imports that only a file system without case would find', () => {
  const dir = makeFolder({ 'a.js': "import './Lib.js';\nimport './lib/X';\n", 'lib.js': '', 'lib/x.ts': '' });
  expect(readImports(dir, ['a.js']).misspelt).toEqual([
    { specifier: './Lib.js', file: 'a.js', line: 1, actual: 'lib.js' },
    { specifier: './lib/X', file: 'a.js', line: 2, actual: 'lib/x.ts' },
  ]);
});
