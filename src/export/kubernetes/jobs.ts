import { INTERVALS_MS } from '../../addons/scheduler/schedule.js';
import { RELEASE_COMMAND_MS } from '../../base/limits.js';
import type { ExportedJob } from '../app.js';
import { dnsLabel } from '../names.js';
import { cronLine } from '../readme-parts.js';
import { oneOffSize, wholeSeconds } from '../roles.js';
import type { Cluster, KubernetesObject } from './kubernetes.js';
import { labelsOf, selectorOf } from './labels.js';
import { podSpec } from './pods.js';

/** The release command runs once, and is not tried again. */
export function releaseObjects(cluster: Cluster): readonly KubernetesObject[] {
  const { app, names } = cluster;
  if (app.release === undefined) return [];
  const metadata = { name: names.get('release'), labels: labelsOf(app, 'release', 'release') };
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: jobSpec(cluster, { type: 'release', command: app.release }, RELEASE_COMMAND_MS),
    },
  ];
}

/** https://devcenter.heroku.com/articles/scheduler */
export function jobObjects(cluster: Cluster): readonly KubernetesObject[] {
  const jobs = cluster.app.addons.flatMap((addon) => addon.jobs);
  return jobs.map((job, index) => cronJob(cluster, job, index + 1));
}

function cronJob(cluster: Cluster, job: ExportedJob, number: number): KubernetesObject {
  const { app } = cluster;
  const { command } = job;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: dnsLabel(`${app.name}-scheduler-${number}`),
      labels: labelsOf(app, 'scheduler', 'after'),
    },
    spec: {
      schedule: cronLine(job),
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: jobSpec(cluster, { type: 'scheduler', command }, INTERVALS_MS[job.every]) },
    },
  };
}

function jobSpec(
  cluster: Cluster,
  process: { readonly type: string; readonly command: string },
  limitMs: number,
) {
  const { app } = cluster;
  return {
    backoffLimit: 0,
    activeDeadlineSeconds: wholeSeconds(limitMs),
    template: {
      metadata: { labels: selectorOf(app, process.type) },
      spec: podSpec(
        cluster,
        { ...process, size: oneOffSize(app) },
        { restartPolicy: 'Never', listens: false },
      ),
    },
  };
}
