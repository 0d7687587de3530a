import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { ExportedAddon } from '../../../src/export/app.js';
import { exportApp } from '../../../src/export/export-app.js';
import { APPS, dynosOf, exportedApp, PLACES, POSTGRES, REDIS } from '../../helpers/exported-app.js';
import { isCustom, type Manifest, problemsByDefinition, problemsOf } from '../../helpers/kubernetes.js';

const OUT = { ...PLACES, out: 'deploy/kubernetes' };

/** A folder with the definitions of KEDA's custom resources, as its repositories have them. */
const { DYNOSIM_KEDA_CRDS: DEFINITIONS = '' } = process.env;

function filesOf(app = exportedApp()): ReadonlyMap<string, string> {
  return new Map(exportApp(app, 'kubernetes', OUT).map(({ path, text }) => [path, text]));
}

function manifestsOf(app = exportedApp()): readonly Manifest[] {
  return [...filesOf(app)]
    .filter(([path]) => path.endsWith('.yaml') && path !== 'kustomization.yaml')
    .flatMap(([, text]) => parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS()));
}

function find(app: ReturnType<typeof exportedApp>, kind: string, name: string): Manifest {
  const found = manifestsOf(app).find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** The pod that an object makes. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks where the kind has something
function podOf({ kind, spec }: Manifest): any {
  return kind === 'CronJob' ? spec.jobTemplate.spec.template : spec.template;
}

function envOf(manifest: Manifest): Readonly<Record<string, string>> {
  const { env } = podOf(manifest).spec.containers[0];
  return Object.fromEntries(env.map(({ name, value }: { name: string; value: string }) => [name, value]));
}

describe.each(Object.entries(APPS))('%s', (_, app) => {
  const manifests = manifestsOf(app);

  test('has objects that Kubernetes takes, without unknown keys', () => {
    for (const manifest of manifests.filter((one) => !isCustom(one)))
      expect(problemsOf(manifest), `${manifest.kind} ${manifest.metadata.name}`).toEqual([]);
  });

  test.skipIf(!existsSync(DEFINITIONS))('has custom resources that KEDA takes, without unknown keys', () => {
    for (const manifest of manifests.filter(isCustom))
      expect(
        problemsByDefinition(manifest, DEFINITIONS),
        `${manifest.kind} ${manifest.metadata.name}`,
      ).toEqual([]);
  });

  test('has names, ports and labels that fit together', () => {
    const named = (kind: string): ReadonlyMap<string, Manifest> =>
      new Map(manifests.filter((one) => one.kind === kind).map((one) => [one.metadata.name, one]));
    const deployments = named('Deployment');
    const services = named('Service');
    for (const { metadata, spec } of manifests) {
      expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/);
      for (const value of Object.values(metadata.labels)) expect(value.length).toBeLessThanOrEqual(63);
      // A PodDisruptionBudget has the name of its Deployment.
      const { template = deployments.get(metadata.name)?.spec.template } = spec;
      if (spec.selector?.matchLabels)
        expect(template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    }
    for (const { spec } of services.values()) {
      if (spec.type === 'ExternalName') continue;
      const pods = manifests.filter(
        (one) => podOf(one) && isSubset(spec.selector, podOf(one).metadata.labels),
      );
      expect(pods.map(podOf).map((pod) => pod.spec.containers[0].ports[0].name)).toEqual([
        spec.ports[0].targetPort,
      ]);
    }
    for (const { spec } of named('ScaledObject').values())
      expect(deployments.has(spec.scaleTargetRef.name)).toBe(true);
    for (const { spec } of named('InterceptorRoute').values())
      expect(services.get(spec.target.service)?.spec.ports[0].port).toBe(spec.target.port);
    for (const { spec } of named('Ingress').values())
      for (const { http } of spec.rules) {
        const { name, port } = http.paths[0].backend.service;
        expect(services.get(name)?.spec.ports[0].port).toBe(port.number);
      }
  });

  test('has no secret in a YAML file, and a Secret for each env file', () => {
    const files = filesOf(app);
    for (const { path, text, isSecret } of exportApp(app, 'kubernetes', OUT)) {
      expect(isSecret, path).toBe(/\.env$|^config\//.test(path));
      if (!isSecret) expect(text, path).not.toMatch(/pw-(?:of|in)-|pw\$of/);
    }
    const { secretGenerator, resources } = parse(files.get('kustomization.yaml') ?? '');
    const generated = new Map(
      secretGenerator.map(({ name, envs }: { name: string; envs: string[] }) => [name, envs]),
    );
    for (const envs of generated.values())
      for (const file of envs as string[]) expect(files.has(file)).toBe(true);
    for (const manifest of manifests.filter(podOf))
      for (const { secretRef } of podOf(manifest).spec.containers[0].envFrom)
        expect(generated.has(secretRef.name)).toBe(true);
    expect(resources).toEqual(
      [...files.keys()].filter((path) => path.endsWith('.yaml') && path !== 'kustomization.yaml'),
    );
  });

  test('gives the same bytes again', () => {
    expect(filesOf(app)).toEqual(filesOf(structuredClone(app)));
  });

  test('runs each command behind the init of the image', () => {
    const shell = app.source.from === 'recipe' ? 'bash' : 'sh';
    for (const manifest of manifests.filter(podOf))
      expect(podOf(manifest).spec.containers[0]).not.toHaveProperty('command');
    const commands = manifests
      .filter(podOf)
      .map((manifest) => podOf(manifest).spec.containers[0].args.map(expanded));
    for (const { command } of app.processes) expect(commands).toContainEqual([shell, '-c', command]);
  });
});

/** A word as Kubernetes passes it on: it replaces `$$`, and what looks like one of its variables. */
function expanded(word: string): string {
  return word.replace(/\$\$|\$\([^)]*\)/g, (found) => (found === '$$' ? '$' : ''));
}

function isSubset(part: Readonly<Record<string, string>>, all: Readonly<Record<string, string>>): boolean {
  return Object.entries(part).every(([key, value]) => all[key] === value);
}

test('the check of objects notices unknown keys and wrong types', () => {
  const deployment = find(exportedApp(), 'Deployment', 'my-app-web');
  const changed = (spec: object): Manifest => ({ ...deployment, spec: { ...deployment.spec, ...spec } });
  expect(problemsOf(changed({ replica: 3 }))).toEqual(['/spec/replica']);
  expect(problemsOf(changed({ replicas: '3' }))[0]).toContain('replicas');
  expect(problemsOf(changed({ selector: undefined }))[0]).toContain('selector');
});

test.skipIf(!existsSync(DEFINITIONS))('the check of custom resources notices them, too', () => {
  const scaled = find(exportedApp(), 'ScaledObject', 'my-app-web');
  const changed = (spec: object): Manifest => ({ ...scaled, spec: { ...scaled.spec, ...spec } });
  expect(problemsByDefinition(changed({ coolDownPeriod: 3 }), DEFINITIONS)).toHaveLength(1);
  expect(problemsByDefinition(changed({ cooldownPeriod: 'thirty' }), DEFINITIONS)).toHaveLength(1);
});

test('web is replaced without a gap, and ends as on Heroku', () => {
  const { spec } = find(exportedApp(), 'Deployment', 'my-app-web');
  expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
  expect(spec.template.spec).toMatchObject({
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 33,
    securityContext: { runAsNonRoot: true, runAsUser: 10_001 },
    containers: [
      {
        startupProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { tcpSocket: { port: 'http' } },
        lifecycle: { preStop: { exec: { command: ['sleep', '3'] } } },
        resources: { limits: { memory: '512Mi' } },
      },
    ],
  });
});

test('only one of several dynos of a type is moved at a time', () => {
  const app = exportedApp({
    processes: [dynosOf('web', 'x', { quantity: 2, size: 'Standard-1X' }), dynosOf('worker', 'x')],
  });
  const budgets = manifestsOf(app).filter(({ kind }) => kind === 'PodDisruptionBudget');
  expect(budgets.map(({ metadata, spec }) => [metadata.name, spec.maxUnavailable])).toEqual([
    ['my-app-web', 1],
  ]);
  expect(budgets[0]?.spec.selector).toEqual(find(app, 'Deployment', 'my-app-web').spec.selector);
});

test('README.md follows the logs of all dynos of a type', () => {
  const text = filesOf().get('README.md');
  expect(text).toContain('`kubectl logs --follow --prefix -l app.kubernetes.io/component=my-app-web`');
});

test('a dyno knows its type and its pod', () => {
  const app = exportedApp({
    processes: [dynosOf('web', 'x'), dynosOf('Mail_Worker', 'x')],
    hasDynoMetadata: true,
  });
  expect(envOf(find(app, 'Deployment', 'my-app-mail-worker'))).toMatchObject({
    DYNO: 'Mail_Worker.$(POD_NAME)',
    PORT: '8080',
    HEROKU_APP_NAME: 'my-app',
    HEROKU_APP_DEFAULT_DOMAIN_NAME: 'my-app.example.com',
  });
});

test('eco dynos go to sleep and wake together, by the route of web', () => {
  const app = exportedApp({
    processes: [
      dynosOf('web', 'x', { quantity: 2 }),
      dynosOf('worker', 'x'),
      dynosOf('clock', 'x'),
      dynosOf('off', 'x', { quantity: 0 }),
    ],
  });
  const scaled = manifestsOf(app).filter(({ kind }) => kind === 'ScaledObject');
  expect(scaled.map(({ metadata }) => metadata.name)).toEqual([
    'my-app-web',
    'my-app-worker',
    'my-app-clock',
  ]);
  expect(scaled[0]?.spec).toEqual({
    scaleTargetRef: { name: 'my-app-web' },
    idleReplicaCount: 0,
    minReplicaCount: 2,
    maxReplicaCount: 2,
    initialCooldownPeriod: 1800,
    cooldownPeriod: 1800,
    triggers: [
      {
        type: 'external-push',
        metadata: {
          scalerAddress: 'keda-add-ons-http-external-scaler.keda:9090',
          interceptorRoute: 'my-app-web',
        },
      },
    ],
  });
  expect(scaled[1]?.spec).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 1 });
  expect(scaled.map(({ spec }) => spec.triggers)).toEqual(scaled.map(() => scaled[0]?.spec.triggers));
  expect(find(app, 'InterceptorRoute', 'my-app-web').spec).toEqual({
    target: { service: 'my-app-web', port: 80 },
    rules: [{ hosts: ['my-app.example.com'] }],
    scalingMetric: { concurrency: { targetValue: 100 } },
    timeouts: { readiness: '75s', responseHeader: '30s' },
  });
  const replicas = ['web', 'worker', 'clock', 'off'].map(
    (type) => find(app, 'Deployment', `my-app-${type}`).spec.replicas,
  );
  expect(replicas).toEqual([undefined, undefined, undefined, 0]);
  expect(find(app, 'Service', 'my-app-interceptor').spec).toMatchObject({ type: 'ExternalName' });
});

test.each([
  [
    'of a size that never sleeps',
    { processes: [dynosOf('web', 'x', { size: 'Basic' }), dynosOf('worker', 'x')] },
  ],
  ['without web', { processes: [dynosOf('worker', 'x')] }],
  ['with no web dyno', { processes: [dynosOf('web', 'x', { quantity: 0 }), dynosOf('worker', 'x')] }],
  ['that the user keeps awake', { sleepAfterMs: Number.POSITIVE_INFINITY }],
])('an app %s has nothing of KEDA', (_, properties) => {
  const app = exportedApp(properties as Partial<ReturnType<typeof exportedApp>>);
  expect(manifestsOf(app).filter(isCustom)).toEqual([]);
  expect(filesOf(app).has('sleep.yaml')).toBe(false);
  for (const { kind, spec } of manifestsOf(app))
    if (kind === 'Deployment') expect(spec.replicas).toBeTypeOf('number');
});

test('a command has no other $ doubled than Kubernetes would replace, as podman replaces none', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'serve $PORT $' + '{HOME} $(date)')] });
  const { args } = podOf(find(app, 'Deployment', 'my-app-web')).spec.containers[0];
  expect(args).toEqual(['bash', '-c', 'serve $PORT $' + '{HOME} $$(date)']);
});

test('README.md scales eco dynos by KEDA, and others by their Deployment', () => {
  const readme = (size: 'Eco' | 'Basic'): string =>
    filesOf(exportedApp({ processes: [dynosOf('web', 'x', { size })] })).get('README.md') ?? '';
  expect(readme('Eco')).toContain(
    '`kubectl patch scaledobject my-app-web --type merge --patch \'{"spec":{"idleReplicaCount":0,"minReplicaCount":2,"maxReplicaCount":2}}\'`',
  );
  expect(readme('Eco')).not.toContain('kubectl scale deployment');
  expect(readme('Basic')).toContain('`kubectl scale deployment/my-app-web --replicas=2`');
});

test('a clock is stopped before its successor starts', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'x'), dynosOf('clock', 'x')] });
  expect(find(app, 'Deployment', 'my-app-clock').spec.strategy).toEqual({ type: 'Recreate' });
});

test('the release command is a Job that is not tried again, applied before the rest', () => {
  const app = exportedApp({ release: 'rake db:migrate', addons: [POSTGRES] });
  const job = find(app, 'Job', 'my-app-release');
  expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 3600 });
  expect(podOf(job).spec).toMatchObject({ restartPolicy: 'Never' });
  const phases = manifestsOf(app).map(({ kind, metadata }) => [kind, metadata.labels['release-phase']]);
  expect(phases.filter(([, phase]) => phase !== 'after')).toEqual([
    ['Job', 'release'],
    ['Service', 'before'],
    ['StatefulSet', 'before'],
  ]);
  const { generatorOptions } = parse(filesOf(app).get('kustomization.yaml') ?? '');
  expect(generatorOptions.labels['release-phase']).toBe('before');
});

test('jobs of the scheduler are CronJobs', () => {
  const { 'an app with add-ons': app } = APPS;
  const jobs = manifestsOf(app).filter(({ kind }) => kind === 'CronJob');
  expect(jobs.map(({ spec }) => [spec.schedule, spec.jobTemplate.spec.activeDeadlineSeconds])).toEqual([
    ['30 2 * * *', 86_400],
    ['*/10 * * * *', 600],
    ['5 * * * *', 3600],
  ]);
});

test('a config var of several lines is a file of its own', () => {
  const app = exportedApp({
    configVars: new Map([
      ['KEY', 'a\nb\n'],
      ['A', 'b'],
    ]),
  });
  const files = filesOf(app);
  expect(files.get('config/KEY')).toBe('a\nb\n');
  expect(files.get('config/.checksums')).toContain(' config/KEY\n');
  expect(files.get('config.env')?.split('\n').slice(1)).toEqual(['A=b', '']);
  expect(parse(files.get('kustomization.yaml') ?? '').secretGenerator).toEqual([
    { name: 'my-app-config', envs: ['config.env'], files: ['KEY=config/KEY'] },
  ]);
});

test('a config var of more than 64 kB is a file of its own: kustomize would leave out all that follow it', () => {
  const long = 'x'.repeat(100_000);
  const files = filesOf(
    exportedApp({
      configVars: new Map([
        ['LONG', long],
        ['A', 'b'],
      ]),
    }),
  );
  expect(files.get('config/LONG')).toBe(long);
  expect(files.get('config.env')?.split('\n').slice(1)).toEqual(['A=b', '']);
});

test('an image without an init shares its process namespace', () => {
  const app = exportedApp({ source: { from: 'own' } });
  expect(podOf(find(app, 'Deployment', 'my-app-web')).spec).toMatchObject({ shareProcessNamespace: true });
});

test('an add-on keeps its data in a volume as large as its plan', () => {
  const app = exportedApp({ addons: [POSTGRES, { ...REDIS, plan: 'mini' }] });
  expect(find(app, 'StatefulSet', POSTGRES.name).spec.volumeClaimTemplates[0].spec.resources).toEqual({
    requests: { storage: '10Gi' },
  });
  expect(find(app, 'StatefulSet', REDIS.name).spec).not.toHaveProperty('volumeClaimTemplates');
});

test('add-ons ask for memory, so that they are not the first to be evicted, and have no limit', () => {
  const app = exportedApp({ addons: [POSTGRES, REDIS] });
  const resourcesOf = (name: string) => podOf(find(app, 'StatefulSet', name)).spec.containers[0].resources;
  expect(resourcesOf(POSTGRES.name)).toEqual({ requests: { memory: '248Mi' } });
  expect(resourcesOf(REDIS.name)).toEqual({ requests: { memory: '132Mi' } });
});

test('the release command has the memory of the first process type, as in dynosim', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'x', { size: 'Standard-2X' })], release: 'x' });
  const [container] = podOf(find(app, 'Job', 'my-app-release')).spec.containers;
  expect(container.resources).toEqual({ limits: { memory: '1024Mi' } });
});

test('PostgreSQL has room for what its processes share', () => {
  const { spec } = podOf(find(exportedApp({ addons: [POSTGRES] }), 'StatefulSet', POSTGRES.name));
  expect(spec.volumes).toEqual([{ name: 'shared', emptyDir: { medium: 'Memory', sizeLimit: '256Mi' } }]);
  expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'shared', mountPath: '/dev/shm' });
});

test('README.md loads the backup of a database into its server', () => {
  expect(filesOf(exportedApp({ addons: [POSTGRES] })).get('README.md')).toContain(
    '\nkubectl exec -i statefulset/postgresql-round-12345 -- ' +
      'pg_restore --clean --if-exists --no-acl --no-owner --username u1 --dbname d1 <latest.dump\n',
  );
});

test('README.md ends the dynos before the servers of their add-ons', () => {
  const readme = (addons: readonly ExportedAddon[]): string =>
    filesOf(exportedApp({ addons })).get('README.md') ?? '';
  expect(readme([POSTGRES])).toContain(
    '`kubectl delete -k deploy/kubernetes -l release-phase=after --cascade=foreground && kubectl delete -k deploy/kubernetes`',
  );
  expect(readme([])).toContain('| `kubectl delete -k deploy/kubernetes` |');
});

test('README.md has the commands, the release command before the rest', () => {
  const readme = filesOf(exportedApp({ release: 'x', image: 'example.com/a:v1' })).get('README.md') ?? '';
  expect(readme).toContain(`docker build --tag example.com/a:v1 --file deploy/kubernetes/Dockerfile . && \\
docker push example.com/a:v1 && \\
kubectl delete job my-app-release --ignore-not-found && \\
kubectl apply -k deploy/kubernetes -l 'release-phase!=after' && \\
kubectl logs --follow --pod-running-timeout=10m job/my-app-release && \\
kubectl wait --for=condition=complete --timeout=1m job/my-app-release && \\
kubectl apply -k deploy/kubernetes
`);
});

test('README.md says where the app answers only if it has web dynos', () => {
  const answers = /the app answers at my-app\.example\.com/;
  const readme = (type: string): string =>
    filesOf(exportedApp({ processes: [dynosOf(type, 'x')] })).get('README.md') ?? '';
  expect(readme('web')).toMatch(answers);
  expect(readme('worker')).not.toMatch(answers);
});

test('README.md has what a registry with a password needs, for an image of a registry', () => {
  const readme = (image: string): string => filesOf(exportedApp({ image })).get('README.md') ?? '';
  expect(readme('example.com/a:v1')).toContain('kubectl create secret docker-registry');
  expect(readme('a')).not.toContain('docker-registry');
});

test('README.md installs KEDA before it applies objects of KEDA', () => {
  const readme = filesOf(exportedApp()).get('README.md') ?? '';
  expect(readme).toMatch(/helm install keda .*kubectl apply -k/s);
});

test('types that would have one name are refused', () => {
  const app = exportedApp({ processes: [dynosOf('web', 'x'), dynosOf('Config', 'x')] });
  expect(() => filesOf(app)).toThrow('`Config` and `config` would both be the service my-app-config');
});

test('add-ons may not have the names of dynos, nor dynos those of other objects', () => {
  const app = exportedApp({ addons: [{ ...POSTGRES, name: 'my-app-web' }] });
  expect(() => filesOf(app)).toThrow('`web` and `my-app-web` would both be the service my-app-web');
  const other = exportedApp({ processes: [dynosOf('config', 'x')] });
  expect(() => filesOf(other)).toThrow(
    '`config` would be the service my-app-config, a name that the exported files need',
  );
});

test('README.md selects pods by the label that they have', () => {
  const files = filesOf(exportedApp({ name: 'a--b' }));
  expect(files.get('app.yaml')).toContain('app.kubernetes.io/name: a-b\n');
  expect(files.get('README.md')).toContain('kubectl get pods -l app.kubernetes.io/name=a-b`');
});

test('after a change of config vars, README.md runs the release command again', () => {
  const changed = (app: ReturnType<typeof exportedApp>) =>
    /config:set A=b` \| (.*) \|/.exec(filesOf(app).get('README.md') ?? '')?.[1];
  expect(changed(exportedApp())).toBe(
    'Edit `deploy/kubernetes/config.env`, then run `kubectl apply -k deploy/kubernetes`',
  );
  expect(changed(exportedApp({ release: 'x' }))).toBe(
    'Edit `deploy/kubernetes/config.env`, then deploy as above',
  );
});

test('a value of several lines is not in the Dockerfile, but can be given to the build', () => {
  const app = exportedApp({
    configVars: new Map([
      ['VITE_A', 'a\nb'],
      ['VITE_B', 'b'],
    ]),
  });
  expect(filesOf(app).get('Dockerfile')).toContain('\nARG VITE_A\nARG VITE_B=b\n');
});

test('the env files of the app are left out of the image, whatever their names', () => {
  const files = filesOf(exportedApp({ envFiles: ['config/prod.vars', '../shared.vars'] }));
  expect(files.get('Dockerfile')).toContain('deploy/kubernetes config/prod.vars && find');
  expect(files.get('Dockerfile.dockerignore')).toMatch(/\nconfig\/prod\.vars\n$/);
});

test('a folder of exported files is left out of the image, whatever its name', () => {
  const files = exportApp(exportedApp(), 'kubernetes', { context: '..', out: "it's mine" });
  const dockerfile = files.find(({ path }) => path === 'Dockerfile')?.text;
  expect(dockerfile).toContain(`deploy/kubernetes 'it'\\''s mine' && find`);
});
