import type { ExportedApp } from '../app.js';
import { dnsLabel } from '../names.js';

type Labels = Readonly<Record<string, string>>;

/**
 * When an object is applied: before the release command, which needs Secrets and databases; as that command; or after it
 * has succeeded.
 */
export type Phase = 'before' | 'release' | 'after';

/** The label by which the README's commands choose a phase. */
export const PHASE_LABEL = 'release-phase';

/** The label by which the README's commands choose a process type. */
export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function labelsOf({ name }: ExportedApp, component: string, phase: Phase): Labels {
  return {
    'app.kubernetes.io/name': dnsLabel(name),
    [COMPONENT_LABEL]: component,
    [PHASE_LABEL]: phase,
  };
}

/** By these a Deployment or a Service finds its pods. They never change. */
export function selectorOf({ name }: ExportedApp, component: string): Labels {
  return { 'app.kubernetes.io/name': dnsLabel(name), [COMPONENT_LABEL]: component };
}
