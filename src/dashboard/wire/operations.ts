import type { OperationName } from '../../api/operations.js';

/** The method and path of each operation that the page uses. The whole table, with its checks, would be as long as a view. */
export const USED = {
  info: ['GET', ''],
  formation: ['GET', '/formation'],
  scale: ['POST', '/scale'],
  restart: ['POST', '/restart'],
  configVars: ['POST', '/config-vars'],
  releases: ['GET', '/releases'],
  rollback: ['POST', '/rollback'],
  setMaintenance: ['POST', '/maintenance'],
  sleep: ['POST', '/sleep'],
  wake: ['POST', '/wake'],
  report: ['GET', '/report'],
  metrics: ['POST', '/metrics'],
} as const satisfies Partial<Record<OperationName, readonly ['GET' | 'POST', string]>>;

export type UsedOperation = keyof typeof USED;
