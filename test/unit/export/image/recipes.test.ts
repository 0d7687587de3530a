import { describe, expect, test } from 'vitest';
import { dockerfile, quoted } from '../../../../src/export/image/dockerfile.js';
import type { Recipe } from '../../../../src/export/image/recipe.js';
import { chooseSource } from '../../../../src/export/image/source.js';
import { makeFolder } from '../../../helpers/folder.js';

type Files = Readonly<Record<string, string>>;

async function recipeOf(
  files: Files,
  {
    vars = {},
    commands = [],
    buildpacks = [],
  }: { vars?: Files; commands?: string[]; buildpacks?: string[] } = {},
): Promise<Recipe> {
  const dir = makeFolder(files);
  const configVars = new Map(Object.entries(vars));
  const chosen = await chooseSource({ dir, configVars, commands, buildpacks, isNamed: false });
  if (typeof chosen === 'string') throw new Error(`it is ${chosen}`);
  return chosen.recipe;
}

const GEMFILE_LOCK = `GEM
  specs:
    pg (1.5.9)
    rack (3.1.8)

RUBY VERSION
   ruby 3.3.6p108
`;

interface Row {
  readonly files: Files;
  readonly vars?: Files;
  readonly base: string;
  readonly manifests?: readonly string[];
  readonly commands: readonly string[];
  readonly packages?: readonly string[];
}

const ROWS: Readonly<Record<string, Row>> = {
  'npm with a lock file': {
    files: {
      'package.json': '{"scripts": {"build": "vite build"}}',
      'package-lock.json': '{"dev": true}',
      '.npmrc': '',
    },
    base: 'node:24-slim',
    manifests: ['package.json', 'package-lock.json', '.npmrc'],
    commands: ['npm ci --include=dev', 'npm run build --if-present', 'npm prune'],
  },
  'npm without a lock file, heroku-postbuild, and a range of Node': {
    files: {
      'package.json': '{"scripts": {"build": "x", "heroku-postbuild": "y"}, "engines": {"node": ">=20"}}',
    },
    base: 'node:24-slim',
    commands: ['npm install --include=dev', 'npm run heroku-postbuild --if-present', 'npm prune'],
  },
  'npm with scripts that need the source': {
    files: { 'package.json': '{"scripts": {"postinstall": "prisma generate"}}', 'package-lock.json': '{}' },
    base: 'node:24-slim',
    manifests: [],
    commands: ['npm ci --include=dev'],
  },
  'a workspace of npm': {
    files: { 'package.json': '{"workspaces": ["a"]}', 'package-lock.json': '{}' },
    base: 'node:24-slim',
    manifests: [],
    commands: ['npm ci --include=dev'],
  },
  'npm that keeps development packages': {
    files: { 'package.json': '{}', 'package-lock.json': '{"dev": true}' },
    vars: { NODE_ENV: 'staging' },
    base: 'node:24-slim',
    commands: ['npm ci --include=dev'],
  },
  'yarn 1 and a certain Node': {
    files: { 'package.json': '{"engines": {"node": "20.11.1"}}', 'yarn.lock': '# yarn lockfile v1\n' },
    base: 'node:20.11.1-slim',
    manifests: ['package.json', 'yarn.lock'],
    commands: [
      'npm install --global yarn@1 --force',
      'rm -rf node_modules',
      'yarn install --production=false --frozen-lockfile --ignore-engines --prefer-offline',
      'yarn install --ignore-scripts --frozen-lockfile --ignore-engines --prefer-offline',
    ],
  },
  'yarn 4 that the app brings along': {
    files: {
      'package.json': '{"packageManager": "yarn@4.5.0"}',
      'yarn.lock': '__metadata:\n  version: 8\n',
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.5.0.cjs\n',
      '.yarn/releases/yarn-4.5.0.cjs': '',
    },
    base: 'node:24-slim',
    manifests: [],
    commands: [
      'node .yarn/releases/yarn-4.5.0.cjs install --immutable',
      'node .yarn/releases/yarn-4.5.0.cjs workspaces focus --all --production',
    ],
  },
  'pnpm in a certain version': {
    files: {
      'package.json': '{"packageManager": "pnpm@9.0.6+sha256.00", "engines": {"node": "22.x"}}',
      'pnpm-lock.yaml': '',
    },
    base: 'node:22-slim',
    manifests: ['package.json', 'pnpm-lock.yaml'],
    commands: [
      'npm install --global pnpm@9.0.6',
      'pnpm install --prod=false --frozen-lockfile',
      'pnpm prune --prod --ignore-scripts',
    ],
  },
  pip: {
    files: { 'requirements.txt': 'flask\npsycopg2==2.9\n', '.python-version': '3.12\n' },
    base: 'python:3.12-slim',
    manifests: ['requirements.txt'],
    commands: [
      'python -m venv /app/.heroku/python',
      'pip install -r requirements.txt --exists-action=w --no-input --progress-bar off --src .heroku/python/src',
    ],
    packages: ['libpq5'],
  },
  'pip with Django and other lists': {
    files: { 'requirements.txt': '-r base.txt\nDjango==5.1\npsycopg2-binary\n', 'shop/manage.py': '' },
    base: 'python:3.14-slim',
    manifests: [],
    commands: [
      'python -m venv /app/.heroku/python',
      'pip install -r requirements.txt --exists-action=w --no-input --progress-bar off --src .heroku/python/src',
      'python shop/manage.py collectstatic --noinput',
    ],
    packages: [],
  },
  'Django without static files': {
    files: { 'requirements.txt': 'django\n', 'manage.py': '' },
    vars: { DISABLE_COLLECTSTATIC: '1' },
    base: 'python:3.14-slim',
    commands: [
      'python -m venv /app/.heroku/python',
      'pip install -r requirements.txt --exists-action=w --no-input --progress-bar off --src .heroku/python/src',
    ],
  },
  'pip with hooks': {
    files: { 'requirements.txt': 'flask\n', 'bin/pre_compile': '', 'bin/post_compile': '' },
    base: 'python:3.14-slim',
    manifests: [],
    commands: [
      'bash bin/pre_compile',
      'python -m venv /app/.heroku/python',
      expect.stringContaining('pip install'),
      'bash bin/post_compile',
    ],
  },
  uv: {
    files: { 'uv.lock': '', 'pyproject.toml': '', '.python-version': '3.13' },
    base: 'python:3.13-slim',
    manifests: [],
    commands: [
      'python -m venv /app/.heroku/python',
      'python -m venv /opt/uv',
      '/opt/uv/bin/pip install uv',
      '/opt/uv/bin/uv sync --locked --no-default-groups --compile-bytecode --no-progress',
    ],
  },
  Ruby: {
    files: { Gemfile: '', 'Gemfile.lock': GEMFILE_LOCK, Rakefile: '' },
    base: 'ruby:3.3.6-slim',
    manifests: ['Gemfile', 'Gemfile.lock'],
    commands: ['bundle install -j4', 'bundle clean', expect.stringContaining('assets:precompile')],
    packages: ['libpq5'],
  },
  Go: {
    files: { 'go.mod': 'module example.com/shop\n\ngo 1.25.3\n', 'go.sum': '' },
    base: 'debian:stable-slim',
    manifests: ['go.mod', 'go.sum'],
    commands: [
      'go mod download',
      `go install -tags heroku $(go list -find -tags heroku -f '{{ if eq .Name "main" }}{{.ImportPath}}{{ end }}' ./...)`,
    ],
    packages: ['ca-certificates'],
  },
  'Go with vendored modules and a named package': {
    files: {
      'go.mod': 'module a\n// +heroku goVersion go1.24\n// +heroku install ./cmd/...\n',
      'vendor/modules.txt': '',
    },
    base: 'debian:stable-slim',
    manifests: [],
    commands: ['go install -tags heroku -mod=vendor ./cmd/...'],
  },
  'PHP with extensions': {
    files: {
      'composer.json':
        '{"require": {"php": "~8.2", "ext-pdo_pgsql": "*", "ext-json": "*"}, "scripts": {"compile": "x"}}',
    },
    base: 'php:8.4-apache',
    commands: [
      expect.stringContaining('composer.phar'),
      'composer install --no-dev --prefer-dist --optimize-autoloader --no-progress --no-interaction',
      'composer run-script --no-dev --no-interaction compile',
      expect.stringContaining('vendor/bin/heroku-php-apache2'),
    ],
  },
  'Maven with a wrapper': {
    files: { 'pom.xml': '', mvnw: '', 'system.properties': 'java.runtime.version=17' },
    vars: { MAVEN_CUSTOM_OPTS: '-DskipTests -Pweb' },
    base: 'eclipse-temurin:17-jre',
    commands: [
      'sh ./mvnw -B -DoutputFile=target/mvn-dependency-list.log -DskipTests -Pweb clean dependency:list install',
    ],
  },
  'Gradle with Spring Boot': {
    files: {
      'build.gradle': "implementation 'org.springframework.boot:spring-boot-starter-web'",
      gradlew: '',
    },
    base: 'eclipse-temurin:21-jre',
    commands: ['sh ./gradlew --no-daemon build -x check', 'rm -rf .gradle'],
  },
};

describe.each(Object.entries(ROWS))('%s', (_, { files, vars = {}, base, manifests, commands, packages }) => {
  test('is built as its buildpack builds it', async () => {
    const recipe = await recipeOf(files, { vars });
    expect(recipe.base).toBe(base);
    expect([...recipe.install, ...recipe.build]).toEqual(commands);
    if (manifests) expect(recipe.manifests).toEqual(manifests);
    if (packages) expect(recipe.packages).toEqual(packages);
  });

  test('has a Dockerfile that needs nothing but its two bases, and that a user may change', async () => {
    const recipe = await recipeOf(files, { vars });
    const text = dockerfile({
      recipe,
      runsNode: false,
      hasProfile: false,
      sizeEnv: {},
      publicVars: {},
      secrets: ['deploy/compose'],
      command: 'x',
    });
    expect(text).not.toMatch(/^# *syntax=|--mount|--link|<<EOF/m);
    expect([...text.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from)).toEqual([
      '$' + '{BUILD_BASE}',
      '$' + '{BUILD_BASE}',
      `\${BASE:-${base}}`,
    ]);
    expect(text).toContain(`\nARG BASE=\nARG BUILD_BASE=\${BASE:-${recipe.buildBase}}\n`);
    // Each instruction is one line, or continued.
    const instructions = text.replaceAll('\\\n', ' ').split('\n');
    for (const line of instructions)
      expect(line).toMatch(/^(?:(?:ARG|FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|ENTRYPOINT|CMD) .+|#.*|)$/);
    expect(instructions.at(-3)).toBe('ENTRYPOINT ["/usr/bin/tini","-s","-g","--"]');
    expect(
      instructions.indexOf(
        "RUN rm -rf .git node_modules deploy/compose && find . -name '.env*' -prune -exec rm -rf {} +",
      ),
    ).toBeGreaterThan(0);
  });
});

test.each([
  ['node web.js', 'node:24-slim'],
  ['A=b gunicorn app:app', 'python:3.14-slim'],
  ['bundle exec puma', 'ruby:3.4-slim'],
])('without files of a language, the command "%s" tells it', async (command, base) => {
  expect((await recipeOf({}, { commands: [command] })).base).toBe(base);
});

test.each([
  ['22.x', 'node:22-slim'],
  ['^20.1', 'node:20-slim'],
  ['~18.2', 'node:18.2-slim'],
  ['>=18 <21', 'node:20-slim'],
  ['16', 'node:16-slim'],
  ['nonsense', 'node:24-slim'],
])('an app that asks for Node %s gets %s', async (node, base) => {
  expect((await recipeOf({ 'package.json': JSON.stringify({ engines: { node } }) })).base).toBe(base);
});

test.each([
  ['the first language that Heroku tries', [], [], 'node', false, []],
  ['the language of the command of web, after Node.js', [], ['gunicorn app:app'], 'python', true, []],
  ['what the user has set', ['heroku/nodejs', 'heroku/python'], [], 'python', true, []],
  ['what there is of it', ['heroku/clojure', 'heroku/python'], [], 'python', false, ['heroku/clojure']],
])('of several languages, %s is built', async (_, buildpacks, commands, language, hasNode, others) => {
  const dir = makeFolder({ 'package.json': '{}', 'requirements.txt': '' });
  const chosen = await chooseSource({ dir, configVars: new Map(), commands, isNamed: false, buildpacks });
  expect(chosen).toMatchObject({ recipe: { language }, others });
  expect('node' in Object(chosen)).toBe(hasNode);
});

test.each([true, false])(
  'Node.js builds before another language, and is there at run time if it is needed: %s',
  async (runsNode) => {
    const dir = makeFolder({
      'package.json': '{"scripts": {"build": "vite build"}}',
      'requirements.txt': 'django\n',
      'manage.py': '',
    });
    const chosen = await chooseSource({
      dir,
      configVars: new Map(),
      commands: ['gunicorn a'],
      isNamed: false,
      buildpacks: [],
    });
    if (typeof chosen === 'string') throw new Error(chosen);
    const text = dockerfile({
      ...chosen,
      runsNode,
      hasProfile: false,
      sizeEnv: {},
      publicVars: {},
      secrets: [],
      command: 'x',
    });
    const order = [
      'AS source',
      'AS node',
      'npm run build',
      'AS build',
      'COPY --from=node /usr/local /opt/node',
      'COPY --from=node /app ./',
      'collectstatic',
    ];
    const at = order.map((part) => text.indexOf(part));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at).not.toContain(-1);
    const last = text.slice(text.lastIndexOf('FROM '));
    expect(last.includes('/opt/node')).toBe(runsNode);
  },
);

test('the settings of the app for its package manager are arguments', async () => {
  const files = { 'package.json': '{}', '.npmrc': `//registry.npmjs.org/:_authToken=$${'{MY_TOKEN}'}\n` };
  expect((await recipeOf(files)).settings).toContain('MY_TOKEN');
});

test('an own Dockerfile is used; without any way, the error says what to do', async () => {
  const request = { configVars: new Map(), commands: ['./server'], buildpacks: [] };
  const own = makeFolder({ Dockerfile: 'FROM scratch\n', 'package.json': '{}' });
  expect(await chooseSource({ ...request, dir: own, isNamed: false })).toBe('own');
  const dir = makeFolder({ server: '' });
  expect(await chooseSource({ ...request, dir, isNamed: true })).toBe('elsewhere');
  await expect(chooseSource({ ...request, dir, isNamed: false })).rejects.toMatchObject({
    code: 'NO_IMAGE',
    message: expect.stringContaining(
      'it has neither a Dockerfile nor the files of an app in Node.js, Python',
    ),
  });
});

test.each([
  ['a', 'a'],
  ['--access-logfile -', '"--access-logfile -"'],
  ['a"b\\c$d', '"a\\"b\\\\c\\$d"'],
])('Docker reads %j back', (value, written) => {
  expect(quoted(value)).toBe(written);
});
