import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Which folder may import which others. A file next to the folders, such as index.ts, may import all except cli. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  procfile: ['base'],
  logs: ['base'],
  config: ['base', 'procfile'],
  dynos: ['base'],
  build: ['base', 'procfile', 'config', 'dynos'],
  git: ['base', 'dynos/proc'],
  tls: ['base'],
  router: ['base', 'logs', 'tls'],
  addons: ['base', 'config', 'dynos', 'logs', 'tls'],
  apps: ['base', 'procfile', 'config', 'dynos', 'logs', 'router/backends'],
  api: [
    'base',
    'procfile',
    'git',
    'logs',
    'tls',
    'apps',
    'addons/control',
    'addons/postgres/info-rows',
    'addons/requests',
    'addons/redis/info-rows',
    'addons/redis/settings',
    'addons/resolve',
    'addons/services',
  ],
  host: [
    'base',
    'procfile',
    'config',
    'dynos',
    'build',
    'git',
    'logs',
    'tls',
    'router',
    'addons',
    'apps',
    'api',
  ],
  doctor: ['base', 'procfile', 'config', 'build/walk', 'dynos/proc', 'testing'],
  testing: ['base', 'procfile', 'config', 'dynos', 'logs', 'tls', 'apps', 'api', 'host'],
  dashboard: ['base', 'addons', 'api', 'apps', 'logs'],
  export: [
    'base',
    'procfile',
    'config',
    'build',
    'addons/attachments',
    'addons/scheduler/schedule',
    'addons/services',
    'tls/certificate',
  ],
  cli: [
    'base',
    'procfile',
    'config',
    'api',
    'logs',
    'dynos',
    'addons',
    'apps',
    'host',
    'doctor',
    'export',
    'tls',
  ],
};

/** One library, one door. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['dynos/contain/guard-process.ts'],
  execa: ['base/process.ts'],
  'tree-kill': ['dynos/contain/portable.ts'],
  'get-port': ['dynos/ports.ts'],
  chokidar: ['apps/watch/watcher.ts'],
  ignore: ['config/gitignore.ts'],
  dotenv: ['config/env-file.ts'],
  semver: ['config/check/ranges.ts'],
  pino: ['logs/pino.ts'],
  undici: ['router/dyno/llhttp.ts'],
  yaml: ['build/yaml.ts', 'export/yaml.ts'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  const specifiers = text.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g);
  return [...specifiers].map(([, specifier = '']) => ({ from: posix(file), to: specifier }));
});

function posix(path: string): string {
  return path.split(sep).join('/');
}

/** The file that a relative import names, without its extension. */
function target({ from, to }: Import): string {
  return posix(relative(SRC, join(SRC, dirname(from), to))).replace(/\.js$/, '');
}

test('a folder imports only what it may', () => {
  const wrong = imports
    .filter(({ to }) => to.startsWith('.'))
    .map((line) => ({ from: line.from, target: target(line) }))
    .filter(({ from, target }) => {
      const [folder = ''] = from.split('/');
      const allowed = MAY_IMPORT[folder];
      if (!allowed) return target.startsWith('cli/');
      return ![folder, ...allowed].some((name) => target === name || target.startsWith(`${name}/`));
    });
  expect(wrong).toEqual([]);
});

/** The page runs in a browser: all else that it knows of the rest is types. */
const IN_THE_PAGE = /^(?:base\/|api\/dynosim\/host-events$)/;

test('the dashboard takes only types from what runs in Node', () => {
  const wrong = files
    .filter((file) => posix(file).startsWith('dashboard/'))
    .flatMap((file) => {
      const text = readFileSync(join(SRC, file), 'utf8');
      const values = text.matchAll(/^(?:import|export) (?!type\b)(?:[^;']* from )?'(\.[^']+)';$/gm);
      return [...values].map(([, to = '']) => target({ from: posix(file), to }));
    })
    .filter((module) => !module.startsWith('dashboard/') && !IN_THE_PAGE.test(module));
  expect(wrong).toEqual([]);
});

test('an app is seen from outside by its operations alone', () => {
  const inside = imports
    .filter(({ from, to }) => to.startsWith('.') && !/^(?:apps|host)\//.test(from))
    .filter((line) => target(line) === 'apps/app')
    .map(({ from }) => from);
  // They compose one.
  expect([...new Set(inside)].sort()).toEqual([
    'cli/run/here.ts',
    'cli/start/add-app.ts',
    'cli/start/banner.ts',
  ]);
});

test('each library has one door', () => {
  for (const [library, doors] of Object.entries(DOORS)) {
    const users = imports
      .filter(({ to }) => to === library || to.startsWith(`${library}/`))
      .map(({ from }) => from);
    expect([...new Set(users)].sort(), library).toEqual([...doors].sort());
  }
});

/** What `start` loads before its first dyno. Dynamic imports begin the two at the end. */
const STARTED = ['cli/main-start', 'cli/start/own-containment', 'cli/start/run-start'];

/** Each takes longer to load than a dyno's first line may wait, and `start` needs it later or never. */
const SLOW =
  /^(?:node:(?:crypto|dns|fs\/promises|https?|module|readline.*|tls|zlib)|chokidar|execa|ignore|pino|semver.*|yaml|(?:build|git)\/.*|api\/(?:server\/routes|dashboard\/.*)|dashboard\/.*|host\/(?:deploys\/.*|kept-apps?))$/;

/** The modules that these modules import, except dynamically, and who imports each. */
function loadedBy(modules: readonly string[]): ReadonlyMap<string, string> {
  const loaded = new Map<string, string>();
  const load = (module: string, by: string): void => {
    if (loaded.has(module)) return;
    loaded.set(module, by);
    if (!files.some((file) => posix(file) === `${module}.ts`)) return;
    const text = readFileSync(join(SRC, `${module}.ts`), 'utf8');
    for (const [, to = ''] of text.matchAll(/^(?:import|export) (?!type\b)(?:[^;']* from )?'([^']+)';$/gm))
      load(to.startsWith('.') ? target({ from: `${module}.ts`, to }) : to, module);
  };
  for (const module of modules) load(module, 'the first one');
  return loaded;
}

test('start loads nothing slow before its first dyno', () => {
  const loaded = loadedBy(STARTED);
  expect(loaded.size).toBeGreaterThan(200);
  expect([...loaded].filter(([module]) => SLOW.test(module))).toEqual([]);
});

test('a command loads nothing slow before it runs', () => {
  const loaded = loadedBy(['cli/main']);
  expect(loaded.size).toBeGreaterThan(50);
  expect([...loaded].filter(([module]) => SLOW.test(module) || module === 'node:http')).toEqual([]);
});

test('only the clocks touch timers and the date', () => {
  const wrong = files
    .filter((file) => !['base/clock.ts', 'dashboard/wire/time.ts'].includes(posix(file)))
    .filter((file) =>
      /(?<!\.)\b(?:setTimeout|setInterval)\(|\bDate\.now\(|\bnew Date\(\)/.test(
        readFileSync(join(SRC, file), 'utf8'),
      ),
    );
  expect(wrong).toEqual([]);
});

test('the environment of the process is read in cli/ alone, and by the library', () => {
  const wrong = files
    .filter(
      (file) =>
        !posix(file).startsWith('cli/') && !['index.ts', 'testing.ts', 'library-boot.ts'].includes(file),
    )
    .filter((file) => readFileSync(join(SRC, file), 'utf8').includes('process.env'));
  expect(wrong.filter((file) => !isComment(file))).toEqual([]);
});

/** Mentions it in comments only. */
function isComment(file: string): boolean {
  const lines = readFileSync(join(SRC, file), 'utf8')
    .split('\n')
    .filter((line) => line.includes('process.env'));
  return lines.every((line) => /^\s*(?:\*|\/\/|\/\*)/.test(line));
}

test('CONTRIBUTING.md has the same rules', () => {
  const text = readFileSync(join(SRC, '../CONTRIBUTING.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)\/` \|[^|]*\|([^|]*)\|$/gm)];
  const rules = rows.map(([, folder = '', allowed = '']) => [
    folder,
    allowed.trim().split(', ').filter(Boolean).sort(),
  ]);
  const table = Object.entries(MAY_IMPORT).map(([folder, allowed]) => [folder, [...allowed].sort()]);
  expect(Object.fromEntries(rules)).toEqual(Object.fromEntries(table));
});
