/** Writes the files for Kubernetes, with a kustomization above them. https://kubectl.docs.kubernetes.io/references/kustomize/ */

import { type AddonServer, addonServers, allVars } from '../addons.js';
import type { ExportedApp, Places } from '../app.js';
import { checkName, isLine, writeEnvFile } from '../env-file.js';
import { CONFIG_FILE, type ExportFile, listed, signed } from '../files.js';
import { dnsLabel, serviceNames } from '../names.js';
import { isWeb, sleeps } from '../roles.js';
import { toYaml } from '../yaml.js';
import { addonObjects } from './addons.js';
import { dynoObjects } from './dynos.js';
import { jobObjects, releaseObjects } from './jobs.js';
import { labelsOf } from './labels.js';
import { readme } from './readme.js';
import { routeObjects, sleepObjects } from './routes.js';

/** What the files are made of. */
export interface Cluster {
  readonly app: ExportedApp;
  readonly places: Places;
  /** The names of objects: by process types, add-ons, and those of dynosim's own. */
  readonly names: ReadonlyMap<string, string>;
  readonly servers: readonly AddonServer[];
  /** All config vars. */
  readonly vars: ReadonlyMap<string, string>;
  /** Whether KEDA puts the app to sleep. */
  readonly sleeps: boolean;
}

/** An object of Kubernetes. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

/** @throws UserError `NAME_CLASH`, `NAME_EMPTY`, `BAD_CONFIG_NAME` */
export function kubernetesFiles(app: ExportedApp, places: Places): readonly ExportFile[] {
  const cluster = clusterOf(app, places);
  const manifests = [
    manifest('app.yaml', 'The dynos.', dynoObjects(cluster)),
    manifest('release.yaml', 'The release command.', releaseObjects(cluster)),
    manifest('routes.yaml', 'How requests reach the app.', routeObjects(cluster)),
    manifest('sleep.yaml', 'Sleep, by KEDA and its HTTP add-on.', sleepObjects(cluster)),
    manifest('addons.yaml', 'The servers of the add-ons.', addonObjects(cluster)),
    manifest('jobs.yaml', 'The jobs of the scheduler.', jobObjects(cluster)),
  ].flat();
  return [
    signed('kustomization.yaml', 'For "kubectl apply -k".', toYaml(kustomization(cluster, manifests))),
    ...manifests,
    ...configFiles(cluster),
    ...cluster.servers.map(({ host, addon, env }) =>
      signed(`${host}.env`, `For the server of ${addon.name} alone.`, writeEnvFile(env), true),
    ),
    signed('README.md', 'How to run the app.', readme(cluster)),
  ];
}

function clusterOf(app: ExportedApp, places: Places): Cluster {
  const types = app.processes.map(({ type }) => type);
  const withServers = app.addons.filter(({ service }) => service !== 'scheduler').map(({ name }) => name);
  const prefix = `${dnsLabel(app.name)}-`;
  const prefixed = serviceNames([...types, 'config', 'release', 'interceptor'], { prefix });
  const names = new Map([...prefixed, ...serviceNames(withServers, { taken: prefixed })]);
  const servers = addonServers(app, names);
  const vars = allVars(app, servers);
  for (const name of vars.keys()) checkName(name);
  return { app, places, names, servers, vars, sleeps: sleeps(app) };
}

/** A file of objects; none without objects. */
function manifest(path: string, about: string, objects: readonly KubernetesObject[]): readonly ExportFile[] {
  if (objects.length === 0) return [];
  return [signed(path, about, objects.map((object) => toYaml(object)).join('---\n'))];
}

/** Values that no env file can have are in files of their own. */
function configFiles({ vars }: Cluster): readonly ExportFile[] {
  const single = new Map([...vars].filter(([key, value]) => isLine(key, value)));
  return [
    signed(CONFIG_FILE, 'The config vars: KEY=value, without quotes or escapes.', writeEnvFile(single), true),
    ...listed(new Map([...vars].filter(([key, value]) => !isLine(key, value)))),
  ];
}

/** Its generators keep passwords out of YAML, and restart dynos when a config var changes, as on Heroku. */
function kustomization(
  { app, names, vars, servers }: Cluster,
  manifests: readonly ExportFile[],
): KubernetesObject {
  const files = [...vars]
    .filter(([key, value]) => !isLine(key, value))
    .map(([key]) => `${key}=config/${key}`);
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: manifests.map(({ path }) => path),
    generatorOptions: { labels: labelsOf(app, 'config', 'before') },
    secretGenerator: [
      { name: names.get('config'), envs: [CONFIG_FILE], ...(files.length > 0 && { files }) },
      ...servers.map(({ host }) => ({ name: host, envs: [`${host}.env`] })),
    ],
  };
}

/** The name of the object for the web dynos; undefined if there are none. */
export function webName({ app, names }: Pick<Cluster, 'app' | 'names'>): string | undefined {
  return app.processes.some(isWeb) ? names.get('web') : undefined;
}
