import type { ExportedApp } from '../app.js';
import { dnsLabel } from '../names.js';

type Labels = Readonly<Record<string, string>>;

/** What is applied before the release command has succeeded, so that it can run, and what after it. */
export const PHASES = { before: 'before', after: 'after' } as const;

/** The label by which the README's commands choose a phase. */
export const PHASE_LABEL = 'release-phase';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function labelsOf({ name }: ExportedApp, component: string, phase: keyof typeof PHASES): Labels {
  return {
    'app.kubernetes.io/name': dnsLabel(name),
    'app.kubernetes.io/component': component,
    [PHASE_LABEL]: PHASES[phase],
  };
}

/** By these a Deployment or a Service finds its pods. They never change. */
export function selectorOf({ name }: ExportedApp, component: string): Labels {
  return { 'app.kubernetes.io/name': dnsLabel(name), 'app.kubernetes.io/component': component };
}
