import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bash } from '../../../../src/base/programs.js';
import { surveyPlace } from '../../../../src/config/check/place.js';
import { findWhatIsMissing } from '../../../../src/config/check/presence.js';
import { makeFolder } from '../../../helpers/folder.js';

/** All programs are there whose names do not begin with `no`. */
const bash: Bash = {
  syntaxError: () => undefined,
  isCommand: (word) => word === 'node' || !word.startsWith('no'),
};

type Files = Readonly<Record<string, string>>;

/** `column: message hint` of what is missing in a folder of these files. Those in `bin` can be executed. */
function missing(command: string, files: Files = {}, vars: readonly string[] = []): string | undefined {
  const dir = makeFolder(files);
  for (const name of Object.keys(files)) if (/^bin\/\w/.test(name)) chmodSync(join(dir, name), 0o755);
  const found = findWhatIsMissing(command, surveyPlace({ dir, bash, vars: new Set(vars) }));
  return found && `${found.at}: ${found.message} ${found.hint}`;
}

const scripts = (commands: Files): Files => ({ 'package.json': JSON.stringify({ scripts: commands }) });

const APP: Files = { 'server.js': '', 'lib/a.py': '', 'lib/b.ts': '', 'lib/other.rb': '', 'bin/run': '' };

describe('existing things', () => {
  it.each([
    'node server.js',
    'node ./lib/../server.js',
    'exec python3 lib/a.py',
    'node /srv/other.js',
    'node --inspect other.js',
    'node other',
    'node other.js$X',
    'node other.py',
    'node "other.js"',
    'cd lib && node other.js',
    'X=$(nod) node server.js',
    'PATH=bin nod server.js',
    '/opt/nod server.js',
    'bin/run other.js',
    './bin/run',
    '$NOD server.js',
    'nod () { node server.js; }; nod',
    'PORT=1',
    'bash -c other.sh',
    'bash "$X.sh"',
    'java -version',
    'java -cp target/classes Main',
    'npm ci',
    'npm run',
    'npm star',
    'npm run $X',
    'npm start',
    'npm --prefix client run nosuch',
    'npm run nosuch --workspace client',
    'yarn nosuch',
  ])('is %s', (command) => {
    expect(missing(command, { ...APP, 'package.json': '{}' })).toBeUndefined();
  });

  it.each<[string, Files, string[]]>([
    ['a profile script may change everything', { '.profile': '' }, []],
    ['several profile scripts may', { '.profile.d/x.sh': '' }, []],
    ['an env file sets PATH', {}, ['PATH']],
    ['package.json cannot be read', { 'package.json': '{nope' }, []],
  ])('cannot be known where %s', (_, files, vars) => {
    for (const command of ['nod', 'bin/nod', 'node nod.js', 'npm run nod'])
      expect(missing(command, files, vars)).toBeUndefined();
  });

  it('may come of a loader of Node', () => {
    expect(missing('node lib/b.js', APP, ['NODE_OPTIONS'])).toBeUndefined();
  });
});

describe('a program', () => {
  it.each([
    ['X=1 A=b  nod server.js', '9: There is no program `nod` here. Correct its name, or install it.'],
    ['exec nod', '5: There is no program `nod` here. Correct its name, or install it.'],
    ['bin/nosuch a', '0: There is no file `bin/nosuch` here. Correct its path, or build the app.'],
  ])('is missing: %s', (command, said) => {
    expect(missing(command, APP)).toBe(said);
  });

  it.each([
    ['notes.js', 'node notes.js'],
    ['notes.py --debug', 'python notes.py'],
  ])('is a file of the app, on Heroku as well: %s', (command, meant) => {
    const app = surveyPlace({ dir: makeFolder({ 'notes.js': '', 'notes.py': '' }), bash, vars: new Set() });
    expect(findWhatIsMissing(command, app)).toMatchObject({ hint: `It is a file: write \`${meant}\`.` });
    expect(findWhatIsMissing(command, app)).not.toHaveProperty('topic');
  });

  it('is brought by a buildpack on Heroku', () => {
    const none: Bash = { ...bash, isCommand: () => false };
    const app = surveyPlace({ dir: makeFolder(), bash: none, vars: new Set() });
    expect(findWhatIsMissing('heroku-php-apache2 public/', app)).toEqual({
      at: 0,
      message: 'There is no program `heroku-php-apache2` here.',
      hint: 'On Heroku the buildpack heroku/php provides it; here you must install it.',
      topic: 'machine',
    });
  });

  it('comes with the packages, which are not installed', () => {
    expect(missing('nodemon server.js', { 'package.json': '{}' })).toMatch(/or run: npm install$/);
  });

  it.each<[string, string, Files]>([
    ['./node_modules/.bin/x', 'npm install', { 'package.json': '{}' }],
    ['vendor/bin/heroku-php-nginx', 'composer install', { 'composer.json': '' }],
    ['.venv/bin/gunicorn app:app', 'python3 -m venv .venv', { 'requirements.txt': '' }],
    ['./target/release/app', 'cargo build --release', { 'Cargo.toml': '' }],
    ['bin/app', 'go build -o bin/ ./...', { 'go.mod': '' }],
    ['java -jar target/app.jar', 'mvn package', { 'pom.xml': '' }],
    [
      'java $JAVA_OPTS -Dx=1 -jar target/*.jar',
      './mvnw package',
      { 'pom.xml': '', mvnw: '', 'target/a.txt': '' },
    ],
    ['java -jar build/libs/app.jar --port 1', './gradlew build', { gradlew: '', 'build.gradle': '' }],
    ['node dist/server.js', 'npm run build', scripts({ build: 'tsc' })],
    ['node server.js', 'npm run build', { ...scripts({ build: 'tsc' }), 'server.ts': '' }],
  ])('%s is made by: %s', (command, made, files) => {
    expect(missing(command, files)).toMatch(
      new RegExp(`There is no file .* here\\. Run: ${made.replaceAll(/[./*+]/g, '\\$&')}$`),
    );
  });

  it('is there if a pattern fits', () => {
    expect(missing('java -jar target/*.jar', { 'target/app-1.jar': '' })).toBeUndefined();
    expect(missing('java -jar */app.jar')).toBeUndefined();
  });

  it.each<[string, Files, string]>([
    ['lib/run', { 'lib/run': '' }, '`lib/run` is not executable. Run: chmod +x lib/run'],
    ['bin/sub', { 'bin/sub/x': '' }, '`bin/sub` is a folder. Name a program in it.'],
    [
      'bin/run',
      { 'bin/run': '#!/bin/sh\r\ntrue\r\n' },
      'The lines of `bin/run` end in CR LF, and the CR counts as part of them. Save the file with LF line ends.',
    ],
    [
      'bin/run',
      { 'bin/run': '#!/usr/bin/env noruby\n' },
      '`bin/run` is run by `noruby`, which is not installed here. Install it, or correct the first line of the file.',
    ],
    [
      'bin/run',
      { 'bin/run': '#!/no/such/sh -e\n' },
      '`bin/run` is run by `/no/such/sh`, which is not installed here. Install it, or correct the first line of the file.',
    ],
  ])('is there but cannot be run: %s %j', (command, files, said) => {
    expect(missing(command, files)).toBe(`0: ${said}`);
  });

  it('is there but cannot be run behind another one', () => {
    expect(missing('true && ./x.sh', { 'x.sh': '' })).toBe(
      '8: `./x.sh` is not executable. Run: chmod +x ./x.sh',
    );
    expect(missing('true; bin/run', { 'bin/run': '#!/bin/sh\r\n' })).toMatch(
      /^6: The lines of `bin\/run` end in CR LF/,
    );
  });

  it.each(['#!/bin/sh\n', '#! /usr/bin/env -S node --x\n', '#!/usr/bin/env node\n', '\x7fELF'])(
    'can be run by its first line: %j',
    (text) => {
      expect(missing('bin/run', { 'bin/run': text })).toBeUndefined();
    },
  );
});

describe('a file for a program', () => {
  it.each([
    ['X=1 node  sever.js --port', '10: There is no file `sever.js` here. Did you mean `server.js`?'],
    ['python3 lib/other.py', '8: There is no file `lib/other.py` here. Correct its path, or build the app.'],
    ['node ./lib/a.js | cat', '5: There is no file `./lib/a.js` here. Correct its path, or build the app.'],
    ['bash x.sh', '5: There is no file `x.sh` here. Correct its path, or build the app.'],
    ['ruby lib/othr.rb', '5: There is no file `lib/othr.rb` here. Did you mean `lib/other.rb`?'],
  ])('is missing: %s', (command, said) => {
    expect(missing(command, APP)).toBe(said);
  });

  it('may have no ending if it lies in bin', () => {
    expect(missing('bash bin/web', APP)).toMatch(/^5: There is no file `bin\/web` here\./);
    expect(missing('sh ./bin/x', { 'bin/x': 'set -e\r\n' })).toMatch(
      /^3: The lines of `\.\/bin\/x` end in CR LF/,
    );
  });

  it('has line ends that the shell does not take', () => {
    expect(missing('sh x.sh', { 'x.sh': 'set -e\r\n' })).toMatch(/^3: The lines of `x\.sh` end in CR LF/);
  });

  it('is missing also where nothing but a Procfile lies', () => {
    expect(missing('node web.js', { Procfile: '' })).toMatch(/^5: There is no file `web\.js` here/);
  });
});

describe('a script of package.json', () => {
  it.each([
    ['npm strat', '4: npm has no command `strat`. Did you mean `npm start`?'],
    ['npm run nosuch', '8: package.json has no script `nosuch`. Add it, or correct its name.'],
    ['npm run-script sevre', '15: package.json has no script `sevre`. Did you mean `serve`?'],
    ['yarn run nosuch -- --x', '9: package.json has no script `nosuch`. Add it, or correct its name.'],
    ['pnpm start', '5: package.json has no script `start`. Add it, or correct its name.'],
  ])('is missing: %s', (command, said) => {
    expect(missing(command, scripts({ serve: 'true' }))).toBe(said);
  });

  it('is missing without a package.json in the folder or above', () => {
    expect(missing('npm start')).toMatch(
      /^4: There is no package\.json here that could have the script `start`/,
    );
  });

  it.each<[string, Files]>([
    ['npm start', { ...scripts({}), 'server.js': '' }],
    ['yarn run vite', { ...scripts({}), 'node_modules/.bin/vite': '' }],
    ['npm run serve', scripts({ serve: 'node dist/a.js', preserve: 'tsc' })],
    ['npm run serve', scripts({ serve: 'npm run serve' })],
    ['npm run a', scripts({ a: 'npm run b', b: 'npm run a' })],
    ['cd client && npm run nosuch', scripts({})],
    ['PATH=x npm run serve && npm run nosuch', scripts({ serve: 'true' })],
    ['echo "&& npm run nosuch"; (npm run nosuch)', scripts({})],
    ["echo 'a; npm run nosuch' # && npm run nosuch", scripts({})],
    ['npm run serve', scripts({ serve: 'tsc && node dist/a.js' })],
    ['npm run --if-present nosuch', scripts({})],
    ['yarn nosuch', scripts({})],
    ['yarn vite', { ...scripts({}), 'node_modules/.bin/vite': '' }],
    ['pnpm install', { ...scripts({}), 'node_modules/.bin/vite': '' }],
    ['pnpm ls', { ...scripts({}), 'node_modules/.bin/vite': '' }],
    ['pnpm serve', scripts({ preserve: 'npm run nosuch', serve: 'true' })],
    ['chmod +x lib/run && lib/run', { 'lib/run': '' }],
    ['make && bin/made', {}],
  ])('is there, or may be: %s %j', (command, files) => {
    expect(missing(command, files)).toBeUndefined();
  });

  it.each<[string, Files, string]>([
    ['true && npm run nosuch', {}, '16: package.json has no script `nosuch`. Add it, or correct its name.'],
    ['echo "a && b"; npm run sevre', {}, '23: package.json has no script `sevre`. Did you mean `serve`?'],
    ['npm run -s nosuch', {}, '11: package.json has no script `nosuch`. Add it, or correct its name.'],
    [
      'npm run a',
      { a: 'tsc && npm run b', b: 'npm run nosuch' },
      '8: `npm run a` runs `tsc && npm run b`. `npm run b` runs `npm run nosuch`. package.json has no script `nosuch`. Add it, or correct its name.',
    ],
    [
      'npm start',
      { start: 'true', prestart: 'npm run biuld', build: 'tsc' },
      '4: `npm start` runs `npm run biuld`. package.json has no script `biuld`. Did you mean `build`?',
    ],
    [
      'yarn serve',
      { serve: 'yarn run nosuch' },
      '5: `yarn serve` runs `yarn run nosuch`. package.json has no script `nosuch`. Add it, or correct its name.',
    ],
  ])('is missing in a chain: %s %j', (command, more, said) => {
    expect(missing(command, scripts({ serve: 'true', ...more }))).toBe(said);
  });

  it.each(['yarn', 'pnpm'])('is missing by its bare name: %s', (manager) => {
    const files = { ...scripts({ serve: 'true' }), 'node_modules/.bin/vite': '' };
    expect(missing(`${manager} nosuch`, files)).toBe(
      `${manager.length + 1}: package.json has no script \`nosuch\`. Add it, or correct its name.`,
    );
  });

  it('lacks what it needs itself', () => {
    expect(
      missing('NODE_ENV=production npm run serve', scripts({ serve: 'node dist/a.js', build: 'tsc' })),
    ).toBe(
      '28: `npm run serve` runs `node dist/a.js`. There is no file `dist/a.js` here. Run: npm run build',
    );
  });
});

describe('a build', () => {
  it.each<[string, Files, string]>(
    [
      [
        'next start -p 3000',
        scripts({ build: 'next build' }),
        '0: `next start` serves what `next build` makes, but there is no `.next/BUILD_ID` here. Run: npm run build',
      ],
      [
        'npx vite preview',
        {},
        '0: `vite preview` serves what `vite build` makes, but there is no `dist` here. Run: npx vite build',
      ],
      [
        'npm start',
        scripts({ start: 'next start' }),
        '4: `npm start` runs `next start`. `next start` serves what `next build` makes, but there is no `.next/BUILD_ID` here. Run: npx next build',
      ],
    ].map(([command, files, said]) => [command, files, said] as [string, Files, string]),
  )('is missing: %s', (command, files, said) => {
    expect(missing(command.replace(/^next/, 'bin/next'), { ...files, 'bin/next': '' })).toBe(said);
  });

  it.each<[string, Files]>([
    ['bin/next start', { '.next/BUILD_ID': '' }],
    ['bin/next start', { 'next.config.mjs': 'export default { distDir: "x" }' }],
    ['bin/next start web', {}],
    ['bin/next dev', {}],
    ['vite preview', { 'vite.config.ts': 'build: { outDir: "x" }' }],
  ])('is there, or may be elsewhere: %s %j', (command, files) => {
    expect(missing(command, { 'bin/next': '', ...files })).toBeUndefined();
  });

  const SETTINGS = 'MIDDLEWARE = ["whitenoise.x"]\nSTATIC_ROOT = BASE_DIR / "staticfiles"\n';
  const DJANGO = { 'manage.py': '', 'mysite/settings.py': SETTINGS };

  it('is that of static files', () => {
    expect(missing('gunicorn --workers 2 mysite.wsgi:application', DJANGO)).toBe(
      '0: WhiteNoise serves the static files in `staticfiles`, but there is no such folder here. Run: python manage.py collectstatic',
    );
  });

  it.each<[string, Files, string[]]>([
    ['they are collected', { ...DJANGO, 'staticfiles/a': '' }, []],
    ['they are not to be', DJANGO, ['DISABLE_COLLECTSTATIC']],
    ['DEBUG is on', { ...DJANGO, 'mysite/settings.py': `DEBUG = True\n${SETTINGS}` }, []],
    ['something else serves them', { ...DJANGO, 'mysite/settings.py': SETTINGS.replace('white', '') }, []],
    ['they are elsewhere', { ...DJANGO, 'mysite/settings.py': SETTINGS.replace('BASE_DIR', 'ROOT') }, []],
  ])('is not missed where %s', (_, files, vars) => {
    expect(missing('gunicorn mysite.wsgi', files, vars)).toBeUndefined();
  });
});
