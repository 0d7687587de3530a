/** How requests reach the app; for one that sleeps, by KEDA's HTTP add-on. */

import { wholeSeconds } from '../roles.js';
import { componentOf, isScaledByKeda } from './dynos.js';
import { type Cluster, type KubernetesObject, webName } from './kubernetes.js';
import { labelsOf } from './labels.js';

/** The add-on's proxy, as its Helm chart installs it. https://github.com/kedacore/http-add-on */
const INTERCEPTOR = 'keda-add-ons-http-interceptor-proxy.keda.svc.cluster.local';
const INTERCEPTOR_PORT = 8080;
const SCALER = 'keda-add-ons-http-external-scaler.keda:9090';

/** Heroku's router has no such limit. The add-on wants one, and it never is a reason to start another dyno. */
const MANY_REQUESTS = 100;

export function routeObjects(cluster: Cluster): readonly KubernetesObject[] {
  const { app, names, sleeps } = cluster;
  const web = webName(cluster);
  if (web === undefined) return [];
  const interceptor = names.get('interceptor');
  const service = sleeps
    ? { name: interceptor, port: { number: INTERCEPTOR_PORT } }
    : { name: web, port: { number: 80 } };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: web, labels: labelsOf(app, 'routes', 'after') },
    spec: {
      rules: app.hosts.map((host) => ({
        host,
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] },
      })),
    },
  };
  // An Ingress leads only to Services of its own namespace.
  const door = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: interceptor, labels: labelsOf(app, 'routes', 'after') },
    spec: {
      type: 'ExternalName',
      externalName: INTERCEPTOR,
      ports: [{ name: 'http', port: INTERCEPTOR_PORT }],
    },
  };
  return sleeps ? [door, ingress] : [ingress];
}

/** All types of a size that sleeps go to zero together, and come back together: they ask for the same route. */
export function sleepObjects(cluster: Cluster): readonly KubernetesObject[] {
  const web = webName(cluster);
  if (!cluster.sleeps || web === undefined) return [];
  const scaled = cluster.app.processes.filter((process) => isScaledByKeda(cluster, process));
  return [
    interceptorRoute(cluster, web),
    ...scaled.map(({ type, quantity }) => scaledObject(cluster, componentOf(cluster, type), quantity, web)),
  ];
}

function interceptorRoute({ app }: Cluster, web: string): KubernetesObject {
  return {
    apiVersion: 'http.keda.sh/v1beta1',
    kind: 'InterceptorRoute',
    metadata: { name: web, labels: labelsOf(app, 'routes', 'after') },
    spec: {
      target: { service: web, port: 80 },
      rules: [{ hosts: app.hosts }],
      scalingMetric: { concurrency: { targetValue: MANY_REQUESTS } },
      // H20, H12
      timeouts: { readiness: duration(app.timeouts.queue), responseHeader: duration(app.timeouts.request) },
    },
  };
}

/** https://keda.sh/docs/latest/reference/scaledobject-spec/ */
function scaledObject({ app }: Cluster, name: string, quantity: number, route: string): KubernetesObject {
  const sleepAfter = Math.ceil(app.sleepAfterMs / 1000);
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, labels: labelsOf(app, 'routes', 'after') },
    spec: {
      scaleTargetRef: { name },
      ...replicaCounts(quantity),
      // Without the first, a new app would sleep at once.
      initialCooldownPeriod: sleepAfter,
      cooldownPeriod: sleepAfter,
      triggers: [{ type: 'external-push', metadata: { scalerAddress: SCALER, interceptorRoute: route } }],
    },
  };
}

/** All dynos run, or none. */
export function replicaCounts(quantity: number) {
  return {
    ...(quantity > 1 ? { idleReplicaCount: 0, minReplicaCount: quantity } : { minReplicaCount: 0 }),
    maxReplicaCount: quantity,
  };
}

/** A duration of Go's; 0 is no limit. */
function duration(ms: number): string {
  return Number.isFinite(ms) ? `${wholeSeconds(ms)}s` : '0s';
}
