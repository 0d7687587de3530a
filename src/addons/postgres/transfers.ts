import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../base/atomic-file.js';
import { errorMessage, UserError } from '../../base/errors.js';
import { readRecord, writeRecord } from '../../base/record-file.js';
import { count, flag, list, nullable, object, oneOf, type ShapeOf, text } from '../../base/shape.js';
import { Turns } from '../../base/turns.js';
import type { AttachedApps } from '../attached-apps.js';
import type { AddonRecord } from '../records.js';
import type { AddonServers } from '../servers.js';
import type { AddonStore } from '../store.js';
import type { AddonsWorld } from '../world.js';
import { copyCluster, dump, fetchDump, putBackCluster, restoreDump } from './archives.js';
import { findClient } from './clients.js';
import type { TransferView } from './control.js';
import { settingsOf } from './settings.js';

/** What is kept of a backup or restore. Times are wall-clock ms. */
const TRANSFER = object({
  id: text,
  number: count,
  kind: oneOf('backup', 'restore'),
  format: oneOf('dump', 'copy'),
  startedAt: count,
  finishedAt: nullable(count),
  problem: nullable(text),
  bytes: count,
  /** Whether a schedule has made it. */
  isDaily: flag,
});

/** https://devcenter.heroku.com/articles/heroku-postgres-backups#scheduled-backups-retention-limits */
const KEPT_DAILY = 7;

const TRANSFERS = object({ transfers: list(TRANSFER) });

type Transfer = ShapeOf<typeof TRANSFER>;

export interface TransfersOptions {
  readonly world: AddonsWorld;
  readonly store: AddonStore;
  readonly servers: AddonServers;
  readonly apps: Pick<AttachedApps, 'view'>;
  /** Empties a database. */
  reset(addon: AddonRecord): Promise<void>;
}

/** Backups of databases, and their restores. They are kept beside the data, and destroyed with it. */
export class Transfers {
  readonly #options: TransfersOptions;
  readonly #turns = new Turns();
  /** Changes of records, one at a time. */
  readonly #writes = new Turns();
  /** The IDs of those that run. */
  readonly #running = new Set<string>();

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly TransferView[]> {
    return this.#addons
      .flatMap((addon) => this.#of(addon).map((transfer) => this.#view(addon, transfer)))
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  /** Makes a backup. One at a time: a copy stops the server for a moment. */
  async capture(addon: AddonRecord, isDaily = false): Promise<TransferView> {
    const { shell } = this.#options.world;
    const { major, database } = settingsOf(addon);
    const pgDump = await findClient('pg_dump', major, shell);
    return this.#perform(
      addon,
      { kind: 'backup', format: pgDump === undefined ? 'copy' : 'dump', isDaily },
      (file) =>
        pgDump === undefined
          ? this.#whileStopped(addon, () => copyCluster(this.#folderOf(addon), file))
          : dump(pgDump, this.#server(addon), database, file),
    );
  }

  /** Makes a backup of the day, and removes the oldest of these. */
  async captureDaily(addon: AddonRecord): Promise<TransferView> {
    const made = await this.capture(addon, true);
    const daily = this.#of(addon).filter(({ isDaily }) => isDaily);
    for (const { id } of daily.slice(0, -KEPT_DAILY)) await this.remove(id);
    return made;
  }

  /** @param from the ID of a backup, or a file or URL with what pg_dump has made */
  async restore(addon: AddonRecord, from: string): Promise<TransferView> {
    const backup = (await this.list()).find(({ id, kind }) => id === from && kind === 'backup');
    const format = backup?.format ?? 'dump';
    if (backup?.format === 'copy' && backup.addon !== addon.name)
      throw new UserError(
        'NO_SUCH_BACKUP',
        `This backup is a copy of the files of ${backup.addon}, and cannot be restored to ${addon.name}`,
        'Install a pg_dump as new as the server, and capture it again.',
      );
    return this.#perform(addon, { kind: 'restore', format, isDaily: false }, async (draft) => {
      const file = backup?.file ?? (await fetchDump(from, draft));
      try {
        if (format === 'copy')
          await this.#whileStopped(addon, () => putBackCluster(this.#folderOf(addon), file));
        else await this.#restoreDump(addon, file);
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  async remove(id: string): Promise<TransferView> {
    for (const addon of this.#addons) {
      const transfer = this.#of(addon).find((one) => one.id === id && one.kind === 'backup');
      if (!transfer) continue;
      const view = this.#view(addon, transfer);
      await this.#update(addon, (all) => all.filter((one) => one.id !== id));
      await rm(view.file, { force: true });
      return view;
    }
    throw new UserError('NO_SUCH_BACKUP', "Couldn't find that backup.");
  }

  async #restoreDump(addon: AddonRecord, file: string): Promise<void> {
    const { shell } = this.#options.world;
    const { major, database, user } = settingsOf(addon);
    const pgRestore = await findClient('pg_restore', major, shell);
    if (pgRestore === undefined)
      throw new UserError('NO_CLIENT', `There is no pg_restore of PostgreSQL ${major} or newer here`);
    await restoreDump(pgRestore, this.#server(addon), { database, user, file }, () =>
      this.#options.reset(addon),
    );
  }

  /** Records a piece of work, its end and its failure. */
  #perform(
    addon: AddonRecord,
    { kind, format, isDaily }: Pick<Transfer, 'kind' | 'format' | 'isDaily'>,
    work: (file: string) => Promise<void>,
  ): Promise<TransferView> {
    return this.#turns.take(async () => {
      const transfer: Transfer = {
        id: randomUUID(),
        number: 1 + Math.max(0, ...this.#numbersOf(addon)),
        kind,
        format,
        isDaily,
        startedAt: this.#now(),
        finishedAt: null,
        problem: null,
        bytes: 0,
      };
      makeFolder(this.#backupsOf(addon));
      this.#running.add(transfer.id);
      try {
        await this.#update(addon, (all) => [...all, transfer]);
        const { file } = this.#view(addon, transfer);
        const problem = await work(file).then(() => null, errorMessage);
        if (problem !== null) await rm(file, { force: true });
        // Only for its owner, as all data.
        else if (kind === 'backup') await chmod(file, 0o600);
        const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        const ended = { ...transfer, finishedAt: this.#now(), problem, bytes };
        await this.#update(addon, (all) => all.map((one) => (one.id === transfer.id ? ended : one)));
        return this.#view(addon, ended);
      } finally {
        this.#running.delete(transfer.id);
      }
    });
  }

  /** Heroku counts the backups and restores of an app together. */
  #numbersOf({ app }: AddonRecord): readonly number[] {
    return this.#addons
      .filter((one) => one.app === app)
      .flatMap((one) => this.#of(one).map(({ number }) => number));
  }

  async #whileStopped(addon: AddonRecord, work: () => Promise<void>): Promise<void> {
    const { servers, store } = this.#options;
    await servers.stop(addon);
    try {
      await work();
    } finally {
      // Unless it is being destroyed.
      if (store.find(addon.id)?.state === 'provisioned') await servers.start(addon);
    }
  }

  #update(addon: AddonRecord, change: (all: readonly Transfer[]) => readonly Transfer[]): Promise<void> {
    return this.#writes.take(() =>
      writeRecord(this.#recordOf(addon), { transfers: change(this.#of(addon)) }),
    );
  }

  #of(addon: AddonRecord): readonly Transfer[] {
    return readRecord(this.#recordOf(addon), TRANSFERS)?.transfers ?? [];
  }

  #view(addon: AddonRecord, transfer: Transfer): TransferView {
    const name = `${transfer.id}.${transfer.format === 'dump' ? 'dump' : 'tar.gz'}`;
    const { app } = this.#options.apps.view(addon);
    const isLost = transfer.finishedAt === null && !this.#running.has(transfer.id);
    const end = isLost && { finishedAt: transfer.startedAt, problem: 'dynosim ended before it did' };
    return { ...transfer, ...end, addon: addon.name, app, file: join(this.#backupsOf(addon), name) };
  }

  #server(addon: AddonRecord) {
    return { port: addon.port ?? 0, shell: this.#options.world.shell };
  }

  get #addons(): readonly AddonRecord[] {
    return this.#options.store.addons.filter(({ service }) => service === 'heroku-postgresql');
  }

  #folderOf(addon: AddonRecord): string {
    return this.#options.store.dataOf(addon);
  }

  #backupsOf(addon: AddonRecord): string {
    return join(this.#folderOf(addon), 'backups');
  }

  #recordOf(addon: AddonRecord): string {
    return join(this.#backupsOf(addon), 'transfers.json');
  }

  #now(): number {
    return Math.floor(this.#options.world.time.wall());
  }
}
