import type { ExportedAddon, ExportedApp, ExportedProcess, Places } from '../../src/export/app.js';
import type { Recipe } from '../../src/export/image/recipe.js';
import { EMPTY } from '../../src/export/image/recipe.js';
import { DEFAULTS } from '../../src/host/defaults.js';

const RECIPE: Recipe = { ...EMPTY, language: 'node', base: 'node:24-slim', buildBase: 'node:24' };

/** An app to export, whose other properties do not matter. */
export function exportedApp(properties: Partial<ExportedApp> = {}): ExportedApp {
  return {
    name: 'my-app',
    processes: [dynosOf('web', 'node web.js')],
    configVars: new Map(),
    envFiles: [],
    addons: [],
    source: { from: 'recipe', recipe: RECIPE, hasProfile: false, ignored: ['**/.env*'] },
    image: 'my-app',
    hosts: ['my-app.example.com'],
    port: 8080,
    sleepAfterMs: DEFAULTS.sleep.afterMs,
    timeouts: DEFAULTS.timeouts,
    hasDynoMetadata: false,
    ...properties,
  };
}

export function dynosOf(
  type: string,
  command: string,
  others: Partial<ExportedProcess> = {},
): ExportedProcess {
  return { type, command, quantity: 1, size: 'Eco', ...others };
}

export const PLACES: Places = { context: '../..', out: 'deploy/compose' };

export const POSTGRES: ExportedAddon = {
  name: 'postgresql-round-12345',
  service: 'heroku-postgresql',
  plan: 'essential-1',
  settings: { major: '17', provider: 'machine', user: 'u1', password: 'pw-of-postgres', database: 'd1' },
  attachments: ['DATABASE', 'HEROKU_POSTGRESQL_AMBER'],
  jobs: [],
};

export const REDIS: ExportedAddon = {
  name: 'redis-flat-54321',
  service: 'heroku-redis',
  plan: 'premium-0',
  settings: { password: 'pw-of-redis', policy: 'allkeys-lru' },
  attachments: ['REDIS'],
  jobs: [],
};

export const SCHEDULER: ExportedAddon = {
  name: 'scheduler-solid-11111',
  service: 'scheduler',
  plan: 'standard',
  settings: {},
  attachments: ['SCHEDULER'],
  jobs: [
    { command: 'rake report', every: 'daily', at: '02:30' },
    { command: 'echo "$HOME"', every: '10m', at: null },
    { command: 'rake tick', every: 'hourly', at: '05' },
  ],
};

/** Apps of all kinds, by what is special about them. */
export const APPS: Readonly<Record<string, ExportedApp>> = {
  'an app with web alone': exportedApp(),
  'an app with a worker, a clock and a release command': exportedApp({
    processes: [
      dynosOf('web', 'node web.js', { quantity: 3, size: 'Standard-2X' }),
      dynosOf('worker', 'node worker.js', { quantity: 0 }),
      dynosOf('clock', 'node clock.js'),
    ],
    release: 'node migrate.js && echo "$RELEASED"',
  }),
  'an app without web': exportedApp({ processes: [dynosOf('bot', 'python bot.py')] }),
  'an app with 12 types': exportedApp({
    processes: Array.from({ length: 12 }, (_, index) =>
      dynosOf(index === 0 ? 'web' : `type${index}`, 'node x.js'),
    ),
  }),
  'an app with odd names': exportedApp({
    name: 'a-0',
    processes: [dynosOf('web', 'x'), dynosOf('Mail_Worker', 'x'), dynosOf('-2nd-', 'x'), dynosOf('no', 'x')],
  }),
  'an app with odd commands': exportedApp({
    processes: [
      dynosOf(
        'web',
        `FOO='a b' bin/run --port $PORT "it's" \${HOME} $(date) $$ \`id\` # {{.Task.Slot}} \\n é`,
      ),
      dynosOf('yes', ': no'),
    ],
  }),
  'an app with add-ons': exportedApp({ addons: [POSTGRES, REDIS, SCHEDULER], release: 'rake db:migrate' }),
  'an app with a volatile Redis': exportedApp({ addons: [{ ...REDIS, plan: 'mini' }] }),
  'an app with an own Dockerfile': exportedApp({ source: { from: 'own' }, release: 'true' }),
  'an app with an image from elsewhere': exportedApp({
    source: { from: 'elsewhere' },
    image: 'registry.example.com:5000/team/my-app:v1',
  }),
  'an app with config vars': exportedApp({
    configVars: new Map([
      ['SECRET', 'pw-of-config'],
      ['EMPTY', ''],
      ['URL', 'https://user:pw-of-url@example.com/?a=b&c=d'],
    ]),
  }),
  'an app with awkward config vars': exportedApp({
    configVars: new Map([
      ['DOLLAR', 'pw$of{dollar}'],
      ['HASH', 'a #b'],
      ['QUOTED', '"pw-in-quotes"'],
    ]),
    release: 'true',
  }),
  'an app that never sleeps': exportedApp({ sleepAfterMs: Number.POSITIVE_INFINITY }),
  'an app without limits of time and memory': exportedApp({
    memoryQuota: Number.POSITIVE_INFINITY,
    release: 'true',
    timeouts: {
      boot: Number.POSITIVE_INFINITY,
      shutdown: Number.POSITIVE_INFINITY,
      request: Number.POSITIVE_INFINITY,
      queue: Number.POSITIVE_INFINITY,
    },
  }),
  'an app with all settings': exportedApp({
    processes: [
      dynosOf('web', 'node web.js', { quantity: 2 }),
      dynosOf('big', 'node x.js', { size: 'Performance-L' }),
    ],
    hosts: ['a.example.com', '*.example.org'],
    hasDynoMetadata: true,
    memoryQuota: 300 * 1024 ** 2,
    timeouts: { boot: 90_000, shutdown: 10_000, request: Number.POSITIVE_INFINITY, queue: 5000 },
  }),
};
