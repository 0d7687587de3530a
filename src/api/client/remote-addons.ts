import type { AddonControl, PostgresControl, RedisControl, SchedulerControl } from '../../addons/control.js';
import type { NewAddon, NewAttachment } from '../../addons/requests.js';
import type { AddonOperationName, AddonRequestOf, AddonResultOf } from '../addon-operations.js';
import type { ControlClient } from './control-client.js';

/** The add-ons of another dynosim process. Each method is an API call. */
export class RemoteAddons implements AddonControl {
  readonly #client: ControlClient;

  constructor(client: ControlClient) {
    this.#client = client;
  }

  readonly postgres: PostgresControl = {
    info: (addon) => this.#ask('postgres.info', { addon }),
    rotate: (addon) => this.#ask('postgres.rotate', { addon }),
    reset: async (addon, extensions) => void (await this.#ask('postgres.reset', { addon, extensions })),
    killAll: async (addon) => void (await this.#ask('postgres.killAll', { addon })),
    transfers: () => this.#ask('postgres.transfers', undefined),
    capture: (addon) => this.#ask('postgres.capture', { addon }),
    restore: (request) => this.#ask('postgres.restore', request),
    removeBackup: (id) => this.#ask('postgres.removeBackup', { id }),
    backupSchedules: (addon) => this.#ask('postgres.backupSchedules', { addon }),
    scheduleBackups: (schedule) => this.#ask('postgres.scheduleBackups', schedule),
    unscheduleBackups: (addon, id) => this.#ask('postgres.unscheduleBackups', { addon, id }),
  };

  readonly redis: RedisControl = {
    info: (addon) => this.#ask('redis.info', { addon }),
    configure: (changes) => this.#ask('redis.configure', changes),
    rotate: (addon) => this.#ask('redis.rotate', { addon }),
    resetStats: async (addon) => void (await this.#ask('redis.resetStats', { addon })),
  };

  readonly scheduler: SchedulerControl = {
    jobs: (app) => this.#ask('scheduler.jobs', { app }),
    add: (job) => this.#ask('scheduler.add', job),
    remove: (app, id) => this.#ask('scheduler.remove', { app, id }),
  };

  list = () => this.#ask('list', undefined);

  find = async (wanted: string) => (await this.#ask('find', { wanted })) ?? undefined;

  attachments = () => this.#ask('attachments', undefined);

  create = (request: NewAddon) => this.#ask('create', request);

  settled = (addon: string) => this.#ask('settled', { addon });

  destroy = (addon: string, isForced = false) => this.#ask('destroy', { addon, isForced });

  rename = (addon: string, name: string) => this.#ask('rename', { addon, name });

  upgrade = (addon: string, plan: string) => this.#ask('upgrade', { addon, plan });

  attach = (request: NewAttachment) => this.#ask('attach', request);

  detach = (attachment: string) => this.#ask('detach', { attachment });

  #ask<Name extends AddonOperationName>(
    name: Name,
    request: AddonRequestOf<Name>,
  ): Promise<AddonResultOf<Name>> {
    return this.#client.send({
      method: 'POST',
      path: `/dynosim/addons/${name}`,
      body: request,
      isSlow: true,
    });
  }
}
