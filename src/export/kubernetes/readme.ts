/** The README beside the files for Kubernetes. */

import { differencesTable } from '../differences.js';
import { dnsLabel } from '../names.js';
import {
  addonSection,
  type CommandRow,
  codeBlock,
  commandTable,
  imageCommands,
  imageSection,
  type ReaderPlaces,
  readerPlaces,
  SECRETS,
} from '../readme-parts.js';
import { shellOf } from '../roles.js';
import type { Cluster } from './kubernetes.js';
import { PHASE_LABEL } from './labels.js';

export function readme(cluster: Cluster): string {
  const { app, servers } = cluster;
  const at = readerPlaces(cluster.places);
  const lines = [
    `# ${app.name} on Kubernetes`,
    '',
    `All commands are for a shell in ${at.where}.`,
    '',
    ...deploySection(cluster, at),
    ...sleepSection(cluster),
    ...commands(cluster, at),
    '## Config vars',
    '',
    '`config.env` has a config var a line: `KEY=value`, without quotes or escapes. A value of several lines is a file in `config/`.',
    '`kubectl apply -k` makes Secrets of them; after a change it makes another one, and the dynos restart.',
    ...SECRETS,
    '',
    ...imageSection(app),
    ...addonSection(servers, '`kubectl delete -k` leaves their volumes.'),
    '## What Heroku does and Kubernetes does not',
    '',
    ...differencesTable('kubernetes'),
  ];
  return `${lines.join('\n')}\n`;
}

/** Runs the release command when the databases are up, shows its output, and fails if it does. */
function releaseCommands({ names, servers }: Cluster, { out }: ReaderPlaces): readonly string[] {
  const job = names.get('release') ?? '';
  const apply = (selector: string): string => `kubectl apply -k ${out} -l ${selector}`;
  return [
    `kubectl delete job ${job} --ignore-not-found`,
    ...(servers.length === 0
      ? [apply(`'${PHASE_LABEL}!=after'`)]
      : [
          apply(`${PHASE_LABEL}=before`),
          ...servers.map(({ host }) => `kubectl rollout status statefulset/${host}`),
          apply(`${PHASE_LABEL}=release`),
        ]),
    `kubectl logs --follow --pod-running-timeout=10m job/${job}`,
    `kubectl wait --for=condition=complete --timeout=1m job/${job}`,
  ];
}

function deploySection(cluster: Cluster, at: ReaderPlaces): readonly string[] {
  const { app } = cluster;
  return [
    '## Deploy',
    '',
    ...codeBlock([
      ...imageCommands(app, at),
      ...(app.release === undefined ? [] : releaseCommands(cluster, at)),
      `kubectl apply -k ${at.out}`,
    ]),
    ...(app.image.includes('/')
      ? []
      : [
          'The cluster needs the image: push it to a registry, and name it by `dynosim export kubernetes --image registry.example.com/name`.',
        ]),
    'Give each build a tag of its own, so that Kubernetes sees that there is a new one.',
    '',
    `The app answers at ${app.hosts.join(', ')}, if the cluster has an ingress controller. Another name: \`dynosim export kubernetes --host NAME\`.`,
    '',
  ];
}

function sleepSection({ sleeps }: Cluster): readonly string[] {
  if (!sleeps) return [];
  return [
    '## Sleep',
    '',
    'KEDA and its HTTP add-on (0.15 or later) put the eco dynos to sleep, and hold requests while they wake. Once for a cluster:',
    '',
    ...codeBlock([
      'helm repo add kedacore https://kedacore.github.io/charts',
      'helm install keda kedacore/keda --namespace keda --create-namespace',
      'helm install http-add-on kedacore/keda-add-ons-http --namespace keda',
    ]),
    'Without it, remove `sleep.yaml` from `kustomization.yaml`, and let the Ingress in `routes.yaml` lead to the Service of web, port 80.',
    '',
  ];
}

function commands(cluster: Cluster, { out }: ReaderPlaces): readonly string[] {
  const { app, names } = cluster;
  const [type = 'web'] = app.processes.map((process) => process.type);
  const deployment = `deployment/${names.get(type)}`;
  // A Job cannot change: the release command needs a new one, with the other config vars.
  const apply = app.release === undefined ? `kubectl apply -k ${out}` : 'deploy as above';
  const rows: readonly CommandRow[] = [
    ['dynosim ps', `kubectl get pods -l app.kubernetes.io/name=${dnsLabel(app.name)}`],
    [`dynosim ps:scale ${type}=2`, `kubectl scale ${deployment} --replicas=2`],
    [`dynosim ps:restart ${type}`, `kubectl rollout restart ${deployment}`],
    [`dynosim logs -t --dyno ${type}`, `kubectl logs --follow ${deployment}`],
    ['dynosim run bash', `kubectl exec -it ${deployment} -- ${shellOf(app)}`],
    ['dynosim config:set A=b', `edit config.env, then ${apply}`],
    ['dynosim rollback', `kubectl rollout undo ${deployment}`],
    ['dynosim stop', `kubectl delete -k ${out}`],
  ];
  return [
    ...commandTable('Kubernetes', rows),
    '`kubectl apply` sets the numbers in `app.yaml` again: a lasting change goes there (`replicas`), or into `.dynosimrc` and another export.',
    '',
    ...(cluster.sleeps
      ? [
          'KEDA scales the eco dynos: to change their number, change `maxReplicaCount` and `minReplicaCount` in `sleep.yaml`.',
          '',
        ]
      : []),
  ];
}
