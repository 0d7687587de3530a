/** The pods that run the app's image. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */

import type { ExportedProcess } from '../app.js';
import { CONTAINER_PORT, CONTAINER_USER } from '../image/dockerfile.js';
import { commandLine, memoryLimit, wholeSeconds } from '../roles.js';
import { sizeVars } from '../size-vars.js';
import type { Cluster } from './kubernetes.js';

/** How long a pod still answers after it is taken out of its Service, in seconds: until all proxies know. */
const DRAIN_S = 3;

export interface PodOptions {
  readonly restartPolicy?: 'Never';
  /** Whether requests are led to it. */
  readonly listens: boolean;
}

/** The pod of a dyno. */
export function podSpec(
  cluster: Cluster,
  process: Pick<ExportedProcess, 'type' | 'command' | 'size'>,
  { restartPolicy, listens }: PodOptions,
) {
  const { app } = cluster;
  const isOwnImage = app.source.from !== 'recipe';
  const shutdown = wholeSeconds(app.timeouts.shutdown);
  return {
    ...(restartPolicy && { restartPolicy }),
    // Otherwise each Service of the namespace would be in the environment: MY_APP_WEB_PORT=tcp://…
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: shutdown + (listens ? DRAIN_S : 0),
    // An image of another's making may have no init: then the app is not process 1, which would ignore SIGTERM.
    ...(isOwnImage
      ? { shareProcessNamespace: true }
      : {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: CONTAINER_USER,
            runAsGroup: CONTAINER_USER,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        }),
    containers: [container(cluster, process, listens)],
  };
}

function container(
  { app, names }: Cluster,
  process: Pick<ExportedProcess, 'type' | 'command' | 'size'>,
  listens: boolean,
) {
  const memory = memoryLimit(app, process, 'Mi');
  return {
    name: 'dyno',
    image: app.image,
    // Not `command`, which would replace the image's init.
    args: commandLine(app, process.command).map(literal),
    env: environment({ app }, process),
    envFrom: [{ secretRef: { name: names.get('config') } }],
    ...(memory !== undefined && { resources: { limits: { memory } } }),
    ...(app.source.from === 'recipe' && {
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    }),
    ...(listens && {
      ports: [{ name: 'http', containerPort: CONTAINER_PORT }],
      // R10
      startupProbe: {
        tcpSocket: { port: 'http' },
        periodSeconds: 1,
        failureThreshold: wholeSeconds(app.timeouts.boot),
      },
      readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 5 },
      lifecycle: { preStop: { exec: { command: ['sleep', String(DRAIN_S)] } } },
    }),
  };
}

/** The variables that the platform sets, over the config vars. */
function environment({ app }: Pick<Cluster, 'app'>, process: Pick<ExportedProcess, 'type' | 'size'>) {
  const values = {
    PORT: String(CONTAINER_PORT),
    // Kubernetes numbers no pods.
    DYNO: `${process.type}.$(POD_NAME)`,
    ...sizeVars(app, process),
    ...(app.hasDynoMetadata && {
      HEROKU_APP_NAME: app.name,
      HEROKU_APP_DEFAULT_DOMAIN_NAME: app.hosts[0],
    }),
  };
  return [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    ...(app.hasDynoMetadata
      ? [{ name: 'HEROKU_DYNO_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }]
      : []),
  ];
}

/**
 * A word as Kubernetes takes it literally. It replaces `$(NAME)` by the value of a variable, and `$$` by `$`; podman does
 * neither, so no other `$` is doubled.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function literal(word: string): string {
  return word.replace(/\$(?=[$(])/g, '$$$$');
}
