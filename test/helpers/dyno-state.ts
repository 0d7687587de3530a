import type { DynoState } from '../../src/dashboard/state/model.js';

/** A dyno as the dashboard knows it: web.1 of shop, unless told otherwise. */
export function dynoState(more: Partial<DynoState> = {}): DynoState {
  return {
    event: 'dyno',
    app: 'shop',
    name: 'web.1',
    type: 'web',
    state: 'up',
    size: 'Eco',
    memoryQuota: undefined,
    release: 1,
    since: 0,
    port: 5000,
    pid: 1,
    command: 'node .',
    restarts: 0,
    ...more,
  };
}
