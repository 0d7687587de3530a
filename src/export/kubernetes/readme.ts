/** The README beside the files for Kubernetes. */

import { differencesTable } from '../differences.js';
import { dnsLabel } from '../names.js';
import {
  addonSection,
  type CommandRow,
  chained,
  codeBlock,
  commandTable,
  imageCommands,
  imageSection,
  paragraph,
  type ReaderPlaces,
  readerPlaces,
  SECRETS,
} from '../readme-parts.js';
import { shellOf } from '../roles.js';
import { componentOf, isScaledByKeda } from './dynos.js';
import { type Cluster, webName } from './kubernetes.js';
import { COMPONENT_LABEL, PHASE_LABEL } from './labels.js';
import { replicaCounts } from './routes.js';

export function readme(cluster: Cluster): string {
  const { app, servers } = cluster;
  const at = readerPlaces(cluster.places);
  const lines = [
    `# ${app.name} on Kubernetes`,
    '',
    ...paragraph(`Run all commands in ${at.where}.`),
    ...kedaSection(cluster),
    ...deploySection(cluster, at),
    ...commands(cluster, at),
    '## Config vars',
    '',
    ...paragraph(
      '`config.env` has one config var per line, as `KEY=value` without quotes or escapes.',
      'A value of several lines, or of more than 64 kB, has its own file in `config/`.',
      '`kubectl apply -k` creates a Secret from these files. When one changes, it creates another Secret, and the dynos restart.',
      'Earlier Secrets stay, so that a rollback finds them.',
      `When the app is gone, remove them: \`kubectl delete secret -l app.kubernetes.io/name=${dnsLabel(app.name)}\`.`,
    ),
    ...paragraph(...SECRETS, 'All this applies to the files in `config/`, too.'),
    ...imageSection(app),
    ...addonSection(servers, (host) => `kubectl exec -i statefulset/${host} --`, KEPT),
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
  const web = webName(cluster);
  return [
    '## Deploy',
    '',
    ...codeBlock(
      chained([
        ...imageCommands(app, at),
        ...(app.release === undefined ? [] : releaseCommands(cluster, at)),
        `kubectl apply -k ${at.out}`,
      ]),
    ),
    ...paragraph(
      ...(app.image.includes('/')
        ? [
            `If the registry needs a password, give it to the cluster once: ${REGISTRY.map((command) => `\`${command}\``).join(', then ')}.`,
          ]
        : [
            'The cluster needs the image, so push it to a registry and export again with its full name: `dynosim export kubernetes --image registry.example.com/name`.',
          ]),
      'Give each build its own tag, so that Kubernetes notices the new image: export again with `--image NAME:TAG`.',
    ),
    ...paragraph(
      'All objects go to the current namespace of `kubectl`.',
      'To choose another one: `kubectl config set-context --current --namespace NAME`.',
    ),
    ...(web === undefined
      ? []
      : paragraph(
          `If the cluster has an ingress controller, the app answers at ${app.hosts.join(', ')}.`,
          'To use another host name, export again with `dynosim export kubernetes --host NAME`.',
          `To add TLS or an ingress class to the Ingress \`${web}\`, write a kustomization of your own that has this folder among its \`resources\` and the change among its \`patches\`, and apply that one: an export never touches it.`,
        )),
  ];
}

/** So that the pods of a namespace can take images from a registry with a password. */
const REGISTRY = [
  'kubectl create secret docker-registry registry --docker-server=… --docker-username=… --docker-password=…',
  `kubectl patch serviceaccount default --patch '{"imagePullSecrets": [{"name": "registry"}]}'`,
];

const KEPT = '`kubectl delete -k` keeps their volumes.';

/** Comes before the deploy: without KEDA, the cluster does not know the objects in `sleep.yaml`. */
function kedaSection(cluster: Cluster): readonly string[] {
  if (!cluster.sleeps) return [];
  return [
    '## Before the first deploy: KEDA',
    '',
    ...paragraph(
      'KEDA and its HTTP add-on (0.15 or later) put eco dynos to sleep, and hold requests while the dynos wake.',
      'Install both once per cluster:',
    ),
    ...codeBlock([
      'helm repo add kedacore https://kedacore.github.io/charts',
      'helm install keda kedacore/keda --namespace keda --create-namespace',
      'helm install http-add-on kedacore/keda-add-ons-http --namespace keda',
    ]),
    ...paragraph(
      'Traefik, the ingress controller of k3s, reaches them only if it may use Services of type ExternalName: set `providers.kubernetesIngress.allowExternalNameServices=true`.',
    ),
    ...paragraph(
      'To do without them, take dynos that do not sleep, and export again: for an app of a folder, write `--size basic` into `.dynosimrc`; for an app of a host, run `dynosim ps:type basic`.',
    ),
  ];
}

/** The command that makes KEDA run this many dynos of an app that is awake. */
function scaledByKeda(name: string, quantity: number): string {
  const patch = JSON.stringify({ spec: replicaCounts(quantity) });
  return `kubectl patch scaledobject ${name} --type merge --patch '${patch}'`;
}

function commands(cluster: Cluster, { out }: ReaderPlaces): readonly string[] {
  const { app, servers } = cluster;
  const [process] = app.processes;
  const type = process?.type ?? 'web';
  const component = componentOf(cluster, type);
  const deployment = `deployment/${component}`;
  const isByKeda = process !== undefined && isScaledByKeda(cluster, process);
  // A Job cannot change: the release command needs a new one, with the other config vars.
  const apply = app.release === undefined ? `run \`kubectl apply -k ${out}\`` : 'deploy as above';
  // Otherwise the servers would end while the app still writes.
  const deleteApp = `kubectl delete -k ${out} -l ${PHASE_LABEL}=after --cascade=foreground && `;
  const rows: readonly CommandRow[] = [
    ['dynosim ps', `kubectl get pods -l app.kubernetes.io/name=${dnsLabel(app.name)}`],
    [
      `dynosim ps:scale ${type}=2`,
      isByKeda ? scaledByKeda(component, 2) : `kubectl scale ${deployment} --replicas=2`,
    ],
    [`dynosim ps:restart ${type}`, `kubectl rollout restart ${deployment}`],
    [`dynosim logs -t --dyno ${type}`, `kubectl logs --follow --prefix -l ${COMPONENT_LABEL}=${component}`],
    ['dynosim run bash', `kubectl exec -it ${deployment} -- ${shellOf(app)}`],
    ['dynosim config:set A=b', `Edit \`${out}/config.env\`, then ${apply}`],
    ['dynosim rollback', `kubectl rollout undo ${deployment}`],
    ['dynosim stop', `${servers.length > 0 ? deleteApp : ''}kubectl delete -k ${out}`],
  ];
  return [
    ...commandTable('Kubernetes', rows),
    ...paragraph(
      'The next `kubectl apply` resets the number of pods.',
      "For a lasting change, change the app's formation and export again.",
      ...(cluster.sleeps
        ? [
            'KEDA scales eco dynos, and undoes what `kubectl scale` does to them.',
            'An app that sleeps has no pod for `kubectl exec`: wake it by a request first.',
          ]
        : []),
    ),
    ...paragraph(
      '`kubectl apply` leaves in the cluster what an export no longer has, such as a process type or the objects of `sleep.yaml`: remove that with `kubectl delete`.',
    ),
  ];
}
