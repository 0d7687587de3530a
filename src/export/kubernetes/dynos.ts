import { DYNO_SIZES } from '../../base/sizes.js';
import type { ExportedProcess } from '../app.js';
import { isSingleton, isWeb } from '../roles.js';
import type { Cluster, KubernetesObject } from './kubernetes.js';
import { labelsOf, selectorOf } from './labels.js';
import { podSpec } from './pods.js';

/** A Deployment for each process type, what keeps its dynos from being moved at once, and the Service of web. */
export function dynoObjects(cluster: Cluster): readonly KubernetesObject[] {
  return cluster.app.processes.flatMap((process) => [
    deployment(cluster, process),
    ...(process.quantity > 1 ? [disruptionBudget(cluster, process)] : []),
    ...(isWeb(process) ? [webService(cluster)] : []),
  ]);
}

/** Whether KEDA decides how many of its dynos run. */
export function isScaledByKeda(
  { sleeps }: Pick<Cluster, 'sleeps'>,
  { size, quantity }: ExportedProcess,
): boolean {
  return sleeps && DYNO_SIZES[size].sleeps && quantity > 0;
}

/** The label of a type's pods. */
export function componentOf({ names }: Pick<Cluster, 'names'>, type: string): string {
  return names.get(type) ?? type;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ */
function deployment(cluster: Cluster, process: ExportedProcess): KubernetesObject {
  const { app } = cluster;
  const component = componentOf(cluster, process.type);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: component, labels: labelsOf(app, component, 'after') },
    spec: {
      ...(!isScaledByKeda(cluster, process) && { replicas: process.quantity }),
      selector: { matchLabels: selectorOf(app, component) },
      strategy: isSingleton(process)
        ? { type: 'Recreate' }
        : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels: selectorOf(app, component) },
        spec: podSpec(cluster, process, { listens: isWeb(process) }),
      },
    },
  };
}

/**
 * Whoever empties a node moves one dyno after the other, as Heroku does.
 * https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
 */
function disruptionBudget(cluster: Cluster, { type }: ExportedProcess): KubernetesObject {
  const { app } = cluster;
  const component = componentOf(cluster, type);
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: component, labels: labelsOf(app, component, 'after') },
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(app, component) } },
  };
}

function webService(cluster: Cluster): KubernetesObject {
  const component = componentOf(cluster, 'web');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: component, labels: labelsOf(cluster.app, component, 'after') },
    spec: {
      selector: selectorOf(cluster.app, component),
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  };
}
