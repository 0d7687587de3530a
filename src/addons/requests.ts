import { count, nullable, number, object, record, type ShapeOf, text } from '../base/shape.js';

/** The requests for add-ons, each declared once: as a type for callers, and as a check of what reaches the API. */

/** An add-on to create. */
export const NEW_ADDON = object(
  {
    /** The app's name. */
    app: text,
    /** `heroku-postgresql:essential-0`, or a service alone. */
    plan: text,
  },
  {
    /** Default: a generated name. */
    name: text,
    /** The name of its attachment. Default: the service's own, or one with a color if that is taken. */
    as: text,
    /** The service's own options, which follow `--`: `{ version: '16' }`. */
    options: record(text),
    /** The app's name, to let the add-on hide config vars that are set. */
    confirm: text,
  },
);

export type NewAddon = ShapeOf<typeof NEW_ADDON>;

/** An add-on to attach to another app, or under another name. */
export const NEW_ATTACHMENT = object(
  {
    /** The add-on's name or ID. */
    addon: text,
    /** The app's name. */
    app: text,
  },
  {
    /** The name of the attachment. Default: a color of the service. */
    as: text,
    /** The app's name, to replace an attachment, or let the add-on hide config vars that are set. */
    confirm: text,
  },
);

export type NewAttachment = ShapeOf<typeof NEW_ATTACHMENT>;

/** A job for Heroku Scheduler. */
export const NEW_JOB = object({
  /** The app's name. */
  app: text,
  command: text,
  /** `10m`, `hourly` or `daily` */
  every: text,
  /** The minute (`30`) or the time in UTC (`02:30`); null for every ten minutes. */
  at: nullable(text),
});

export type NewJob = ShapeOf<typeof NEW_JOB>;

/** Changes of the settings of a Redis add-on. */
export const REDIS_CHANGES = object(
  {
    /** The add-on's name or ID. */
    addon: text,
  },
  {
    /** What is evicted when its memory is full: `allkeys-lru`. */
    maxmemoryPolicy: text,
    /** Seconds until an idle connection is closed; 0: never. */
    timeout: number,
    /** As in `notify-keyspace-events`; empty: none. */
    keyspaceEvents: text,
  },
);

export type RedisChanges = ShapeOf<typeof REDIS_CHANGES>;

/** A backup to put into a database, whose data it replaces. */
export const RESTORE_REQUEST = object({
  /** The add-on's name or ID. */
  addon: text,
  /** The ID of a backup, or a file or URL with what pg_dump has made in its custom format. */
  from: text,
});

export type RestoreRequest = ShapeOf<typeof RESTORE_REQUEST>;

/** A daily backup of a database. */
export const BACKUP_SCHEDULE = object({
  /** The add-on's name or ID. */
  addon: text,
  /** As its user names the database: `DATABASE_URL`. */
  name: text,
  /** 0 to 23. */
  hour: count,
  /** `America/Los_Angeles` */
  timezone: text,
});

export type BackupSchedule = ShapeOf<typeof BACKUP_SCHEDULE>;
