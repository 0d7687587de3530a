import { errorMessage, UserError } from '../../base/errors.js';
import { Turns } from '../../base/turns.js';
import type { AttachedApps } from '../attached-apps.js';
import type { AddonRecord } from '../records.js';
import type { BackupSchedule, RestoreRequest } from '../requests.js';
import type { AddonServers } from '../servers.js';
import { limitsOf } from '../services.js';
import type { AddonStore } from '../store.js';
import type { AddonsWorld } from '../world.js';
import { inventPassword } from './account.js';
import { BackupSchedules } from './backup-schedules.js';
import type {
  BackupScheduleView,
  PostgresControl,
  PostgresServerView,
  PostgresView,
  TransferView,
} from './control.js';
import { asSuperuser, renewDatabase, type ServerAccess } from './prepare.js';
import { settingsOf } from './settings.js';
import { userSockets } from './sockets.js';
import { Transfers } from './transfers.js';
import { PostgresError, quoteName, quoteText, type Wire } from './wire.js';

export interface PostgresOperationsOptions {
  readonly world: AddonsWorld;
  readonly store: AddonStore;
  readonly servers: AddonServers;
  readonly apps: Pick<AttachedApps, 'view' | 'announceChanged'>;
}

/** The operations on PostgreSQL add-ons in this process. */
export class PostgresOperations implements PostgresControl {
  readonly #options: PostgresOperationsOptions;
  readonly schedules: BackupSchedules;
  readonly #transfers: Transfers;
  readonly #rotations = new Turns();

  constructor(options: PostgresOperationsOptions) {
    this.#options = options;
    const transfers = new Transfers({ ...options, reset: (addon) => this.#reset(addon, []) });
    this.#transfers = transfers;
    this.schedules = new BackupSchedules({ ...options, capture: (addon) => transfers.captureDaily(addon) });
  }

  async info(wanted: string): Promise<PostgresView> {
    const { apps, servers } = this.#options;
    const addon = this.#get(wanted);
    const { connections = null, bytes = null, tables = null } = limitsOf(addon);
    return {
      addon: apps.view(addon),
      url: servers.varsOf(addon).URL ?? '',
      major: settingsOf(addon).major,
      maxConnections: connections,
      maxBytes: bytes,
      maxTables: tables,
      server: await this.#ask(addon),
    };
  }

  async rotate(wanted: string): Promise<PostgresView> {
    const { store, servers, apps } = this.#options;
    const { id } = this.#ready(wanted);
    await this.#rotations.take(async () => {
      const addon = this.#get(id);
      const settings = { ...addon.settings, password: inventPassword() };
      await servers.apply({ ...addon, settings });
      await store.updateAddon(id, { settings });
    });
    await apps.announceChanged(this.#get(id));
    return this.info(id);
  }

  async reset(wanted: string, extensions: readonly string[]): Promise<void> {
    await this.#reset(this.#ready(wanted), extensions);
  }

  async killAll(wanted: string): Promise<void> {
    const addon = this.#get(wanted);
    const user = quoteText(settingsOf(addon).user);
    await this.#work(addon, (wire) =>
      wire.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${user}`),
    );
  }

  transfers(): Promise<readonly TransferView[]> {
    return this.#transfers.list();
  }

  capture(wanted: string): Promise<TransferView> {
    return this.#transfers.capture(this.#ready(wanted));
  }

  restore(request: RestoreRequest): Promise<TransferView> {
    return this.#transfers.restore(this.#ready(request.addon), request.from);
  }

  removeBackup(id: string): Promise<TransferView> {
    return this.#transfers.remove(id);
  }

  async backupSchedules(wanted: string): Promise<readonly BackupScheduleView[]> {
    return this.schedules.of(this.#get(wanted));
  }

  scheduleBackups({ addon, ...schedule }: BackupSchedule): Promise<BackupScheduleView> {
    return this.schedules.set(this.#get(addon), schedule);
  }

  unscheduleBackups(wanted: string, id: string): Promise<BackupScheduleView> {
    return this.schedules.remove(this.#get(wanted), id);
  }

  async #reset(addon: AddonRecord, extensions: readonly string[]): Promise<void> {
    const { database } = settingsOf(addon);
    await refusals(addon, () => renewDatabase(this.#access(addon)));
    if (extensions.length === 0) return;
    const statements = extensions.map((name) => `create extension if not exists ${quoteName(name)};`);
    await this.#work(addon, (wire) => wire.query(statements.join(' ')), database);
  }

  async #ask(addon: AddonRecord): Promise<PostgresServerView | null> {
    const { user, database } = settingsOf(addon);
    const sql = `select current_setting('server_version'),
      (select count(*) from pg_stat_activity where usename = ${quoteText(user)}),
      pg_database_size(current_database()),
      (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')
        and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema')`;
    try {
      const [row = []] = await this.#work(addon, (wire) => wire.query(sql), database);
      const [version = '', connections, bytes, tables] = row;
      return {
        version: String(version).replace(/ .*/, ''),
        connections: Number(connections),
        bytes: Number(bytes),
        tables: Number(tables),
      };
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  /** @throws UserError `POSTGRES_REFUSED` */
  #work<T>(addon: AddonRecord, work: (wire: Wire) => Promise<T>, database?: string): Promise<T> {
    return refusals(addon, () => asSuperuser(this.#access(addon), work, database));
  }

  #access(addon: AddonRecord): ServerAccess {
    const { shell, time } = this.#options.world;
    const { port } = addon;
    if (port === null) throw notReady(addon);
    return { addon, port, sockets: userSockets(shell), clock: time.real };
  }

  /** @throws UserError `POSTGRES_REFUSED` while it is being created or destroyed */
  #ready(wanted: string): AddonRecord {
    const addon = this.#get(wanted);
    if (addon.state === 'provisioned') return addon;
    throw notReady(addon);
  }

  #get(wanted: string): AddonRecord {
    const addon = this.#options.store.get(wanted);
    if (addon.service === 'heroku-postgresql') return addon;
    throw new UserError('NO_SUCH_ADDON', `${addon.name} is no PostgreSQL add-on`);
  }
}

function notReady({ name }: AddonRecord): UserError {
  return new UserError('POSTGRES_REFUSED', `${name} is not ready`, 'Wait for it: dynosim pg:wait');
}

/** @throws UserError `POSTGRES_REFUSED` */
async function refusals<T>({ name }: AddonRecord, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    throw new UserError('POSTGRES_REFUSED', `${name}: ${errorMessage(error)}`);
  }
}
