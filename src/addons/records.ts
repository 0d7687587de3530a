/** `addons.json`: the add-ons of a host, and where they are attached. Times are ISO 8601. */

import { count, list, nullable, object, oneOf, record, type ShapeOf, text } from '../base/shape.js';
import { SERVICE_NAMES } from './services.js';

const ADDON_RECORD = object({
  id: text,
  name: text,
  service: oneOf(...SERVICE_NAMES),
  plan: text,
  /** The ID of the app that owns it. */
  app: text,
  /** `provisioning` and `deprovisioning` continue at the next start. */
  state: oneOf('provisioning', 'provisioned', 'deprovisioning'),
  created_at: text,
  updated_at: text,
  /** The port of its server; null if it has none yet. */
  port: nullable(count),
  /** The service's own: names, passwords, versions. */
  settings: record(text),
});

export type AddonRecord = ShapeOf<typeof ADDON_RECORD>;

const ATTACHMENT_RECORD = object({
  id: text,
  name: text,
  /** The add-on's ID. */
  addon: text,
  /** The app's ID. */
  app: text,
  created_at: text,
});

export type AttachmentRecord = ShapeOf<typeof ATTACHMENT_RECORD>;

/** A job of Heroku Scheduler. */
const JOB_RECORD = object({
  id: text,
  /** The add-on's ID. */
  addon: text,
  command: text,
  every: oneOf('10m', 'hourly', 'daily'),
  at: nullable(text),
});

export type JobRecord = ShapeOf<typeof JOB_RECORD>;

/** A daily backup of a database. */
const BACKUP_SCHEDULE_RECORD = object({
  id: text,
  /** The add-on's ID. */
  addon: text,
  /** As the user has named the database: `DATABASE_URL`. */
  name: text,
  hour: count,
  timezone: text,
});

export type BackupScheduleRecord = ShapeOf<typeof BACKUP_SCHEDULE_RECORD>;

export const ADDONS_RECORD = object({
  addons: list(ADDON_RECORD),
  attachments: list(ATTACHMENT_RECORD),
  jobs: list(JOB_RECORD),
  backup_schedules: list(BACKUP_SCHEDULE_RECORD),
});

export type AddonsRecord = ShapeOf<typeof ADDONS_RECORD>;
