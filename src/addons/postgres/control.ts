import type { AddonView } from '../control.js';
import type { BackupSchedule, RestoreRequest } from '../requests.js';

/** A PostgreSQL add-on as seen from outside. */
export interface PostgresView {
  readonly addon: AddonView;
  /** With its password: `postgres://u…:p…@127.0.0.1:41234/d…`. Empty before it is ready. */
  readonly url: string;
  /** The release that made its data: `17`. */
  readonly major: string;
  /** The limits of its plan; null: it has none. */
  readonly maxConnections: number | null;
  readonly maxBytes: number | null;
  readonly maxTables: number | null;
  /** What its server says; null while it does not answer. */
  readonly server: PostgresServerView | null;
}

export interface PostgresServerView {
  /** `17.10` */
  readonly version: string;
  /** Those of its user. */
  readonly connections: number;
  readonly bytes: number;
  readonly tables: number;
}

/** A backup, or the restore of one. */
export interface TransferView {
  readonly id: string;
  /** Counted for each app: 1 is `b001` for a backup, `r001` for a restore. */
  readonly number: number;
  readonly kind: 'backup' | 'restore';
  /** The name of the add-on. */
  readonly addon: string;
  /** The name of the app that owns it. */
  readonly app: string;
  /**
   * Made by pg_dump, as on Heroku; or a copy of the server's files, which only dynosim can restore, because this machine
   * has no pg_dump for the server.
   */
  readonly format: 'dump' | 'copy';
  /** Wall-clock ms. */
  readonly startedAt: number;
  /** Wall-clock ms; null while it runs. */
  readonly finishedAt: number | null;
  /** What went wrong; null if nothing did. */
  readonly problem: string | null;
  readonly bytes: number;
  /** The file of a backup. */
  readonly file: string;
}

/** A daily backup. */
export interface BackupScheduleView {
  readonly id: string;
  /** As the user has named the database: `DATABASE_URL`. */
  readonly name: string;
  /** 0 to 23. */
  readonly hour: number;
  /** `America/Los_Angeles` */
  readonly timezone: string;
  /** When the next one is due: ms since 1970, in platform time. */
  readonly nextAt: number;
}

/** The operations on PostgreSQL add-ons. An add-on is named by its name or ID. */
export interface PostgresControl {
  /** @throws UserError `NO_SUCH_ADDON` */
  info(addon: string): Promise<PostgresView>;
  /**
   * Gives its user another password. The apps that have it attached get a release.
   * @throws UserError `NO_SUCH_ADDON`, `POSTGRES_REFUSED`
   */
  rotate(addon: string): Promise<PostgresView>;
  /**
   * Removes all data.
   * @param extensions to install in the empty database
   * @throws UserError `NO_SUCH_ADDON`, `POSTGRES_REFUSED`
   */
  reset(addon: string, extensions: readonly string[]): Promise<void>;
  /**
   * Ends all connections of its user.
   * @throws UserError `NO_SUCH_ADDON`, `POSTGRES_REFUSED`
   */
  killAll(addon: string): Promise<void>;
  /** Backups and restores of all add-ons, oldest first. */
  transfers(): Promise<readonly TransferView[]>;
  /**
   * Makes a backup.
   * @returns it, when it has been made or has failed
   * @throws UserError `NO_SUCH_ADDON`
   */
  capture(addon: string): Promise<TransferView>;
  /**
   * Replaces all data by that of a backup.
   * @returns it, when it has ended
   * @throws UserError `NO_SUCH_ADDON`, `NO_SUCH_BACKUP`
   */
  restore(request: RestoreRequest): Promise<TransferView>;
  /**
   * @param id of a backup
   * @throws UserError `NO_SUCH_BACKUP`
   */
  removeBackup(id: string): Promise<TransferView>;
  /** @throws UserError `NO_SUCH_ADDON` */
  backupSchedules(addon: string): Promise<readonly BackupScheduleView[]>;
  /**
   * Makes a backup every day, and keeps the newest seven of these. A database has one schedule.
   * @throws UserError `NO_SUCH_ADDON`, `BAD_SCHEDULE`
   */
  scheduleBackups(schedule: BackupSchedule): Promise<BackupScheduleView>;
  /**
   * @param id of the schedule
   * @throws UserError `NO_SUCH_ADDON`, `NO_SUCH_SCHEDULE`
   */
  unscheduleBackups(addon: string, id: string): Promise<BackupScheduleView>;
}
