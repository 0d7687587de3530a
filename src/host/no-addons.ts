import type { AddonControl } from '../addons/control.js';
import { UserError } from '../base/errors.js';

async function refuse(): Promise<never> {
  throw new UserError('NO_ADDONS', 'This dynosim can have no add-ons', 'Use dynosim start, or dynosim host.');
}

/** The add-ons of a host that has no folder for them. */
export const NO_ADDONS: AddonControl = {
  postgres: {
    info: refuse,
    rotate: refuse,
    reset: refuse,
    killAll: refuse,
    transfers: async () => [],
    capture: refuse,
    restore: refuse,
    removeBackup: refuse,
    backupSchedules: async () => [],
    scheduleBackups: refuse,
    unscheduleBackups: refuse,
  },
  redis: { info: refuse, configure: refuse, rotate: refuse, resetStats: refuse },
  scheduler: { jobs: refuse, add: refuse, remove: refuse },
  list: async () => [],
  find: async () => undefined,
  attachments: async () => [],
  create: refuse,
  settled: refuse,
  destroy: refuse,
  rename: refuse,
  upgrade: refuse,
  attach: refuse,
  detach: refuse,
};
