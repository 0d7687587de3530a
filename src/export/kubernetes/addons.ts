import type { AddonServer } from '../addons.js';
import type { ExportedApp } from '../app.js';
import type { Cluster, KubernetesObject } from './kubernetes.js';
import { labelsOf, selectorOf } from './labels.js';
import { literal } from './pods.js';

/** A StatefulSet and a Service for each server. */
export function addonObjects({ app, servers }: Cluster): readonly KubernetesObject[] {
  return servers.flatMap((server) => [service(app, server), statefulSet(app, server)]);
}

function service(app: ExportedApp, { host, port }: AddonServer): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: host, labels: labelsOf(app, host, 'before') },
    spec: { selector: selectorOf(app, host), ports: [{ name: 'server', port, targetPort: 'server' }] },
  };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/ */
function statefulSet(app: ExportedApp, server: AddonServer): KubernetesObject {
  const { host, user, data, bytes, shared } = server;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: host, labels: labelsOf(app, host, 'before') },
    spec: {
      serviceName: host,
      replicas: 1,
      selector: { matchLabels: selectorOf(app, host) },
      template: {
        metadata: { labels: selectorOf(app, host) },
        spec: {
          enableServiceLinks: false,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            fsGroup: user,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container(server)],
          ...(shared !== undefined && {
            volumes: [{ name: 'shared', emptyDir: { medium: 'Memory', sizeLimit: `${shared}Mi` } }],
          }),
        },
      },
      ...(data !== undefined && { volumeClaimTemplates: [claim(bytes)] }),
    },
  };
}

function container({ host, image, command, port, ready, data, memory, shared }: AddonServer) {
  const volumeMounts = [
    ...(data === undefined ? [] : [{ name: 'data', mountPath: data }]),
    ...(shared === undefined ? [] : [{ name: 'shared', mountPath: '/dev/shm' }]),
  ];
  return {
    name: 'server',
    image,
    args: command.map(literal),
    envFrom: [{ secretRef: { name: host } }],
    ports: [{ name: 'server', containerPort: port }],
    resources: { requests: { memory: `${memory}Mi` } },
    readinessProbe: { exec: { command: ready }, periodSeconds: 5, timeoutSeconds: 5 },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    ...(volumeMounts.length > 0 && { volumeMounts }),
  };
}

/** As much as its plan has room for, in whole gigabytes. */
function claim(bytes: number) {
  return {
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: `${Math.max(1, Math.ceil(bytes / 1024 ** 3))}Gi` } },
    },
  };
}
