/** The operations on add-ons, in dynosim's own types. */

import type { PostgresControl } from './postgres/control.js';
import type { RedisControl } from './redis/control.js';
import type { NewAddon, NewAttachment } from './requests.js';
import type { SchedulerControl } from './scheduler/control.js';

export type {
  BackupScheduleView,
  PostgresControl,
  PostgresView,
  TransferView,
} from './postgres/control.js';
export type { RedisControl, RedisView } from './redis/control.js';
export type { JobView, SchedulerControl } from './scheduler/control.js';

/** An add-on as seen from outside. */
export interface AddonView {
  readonly id: string;
  /** `postgresql-round-12345` */
  readonly name: string;
  /** `heroku-postgresql` */
  readonly service: string;
  /** `essential-0` */
  readonly plan: string;
  /** The name of the app that owns it. */
  readonly app: string;
  readonly state: AddonState;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** Wall-clock ms. */
  readonly updatedAt: number;
  /** The config vars that it sets in the app that owns it: `DATABASE_URL`. */
  readonly configVars: readonly string[];
  /** Why it could not be created. */
  readonly problem?: string;
}

/** https://devcenter.heroku.com/articles/platform-api-reference#add-on */
type AddonState = 'provisioning' | 'provisioned' | 'deprovisioning' | 'deprovisioned';

/** An add-on under a name in an app. */
export interface AttachmentView {
  readonly id: string;
  /** `DATABASE` */
  readonly name: string;
  /** The add-on's name. */
  readonly addon: string;
  /** The name of the app in which it sets config vars. */
  readonly app: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** `DATABASE_URL` */
  readonly configVars: readonly string[];
}

/** All operations on the add-ons of a host. The host and the HTTP client implement them. */
export interface AddonControl {
  readonly postgres: PostgresControl;
  readonly redis: RedisControl;
  readonly scheduler: SchedulerControl;
  /** Of all apps, oldest first. */
  list(): Promise<readonly AddonView[]>;
  /**
   * Finds one by its name or ID; also one that could not be created, which `list` does not have.
   * @returns undefined if there is none
   */
  find(wanted: string): Promise<AddonView | undefined>;
  /** Of all apps, oldest first. */
  attachments(): Promise<readonly AttachmentView[]>;
  /**
   * Creates an add-on. Its server is created in the background; then a release sets its config vars.
   * @returns the add-on, usually still `provisioning`
   * @throws UserError `NO_SUCH_APP`, `NO_SUCH_PLAN`, `NAME_TAKEN`, `CONFIRMATION_REQUIRED`, and the service's own
   */
  create(request: NewAddon): Promise<AddonView>;
  /**
   * Resolves when an add-on is no longer being created.
   * @returns `provisioned`, or `deprovisioned` with the problem
   * @throws UserError `NO_SUCH_ADDON`
   */
  settled(addon: string): Promise<AddonView>;
  /**
   * Removes an add-on with all its data.
   * @param isForced even if other apps have it attached
   * @returns the add-on as it was, `deprovisioned`
   * @throws UserError `NO_SUCH_ADDON`, `ADDON_ATTACHED`
   */
  destroy(addon: string, isForced?: boolean): Promise<AddonView>;
  /** @throws UserError `NO_SUCH_ADDON`, `NAME_TAKEN`, `BAD_ADDON_NAME` */
  rename(addon: string, name: string): Promise<AddonView>;
  /**
   * Changes the plan within the service.
   * @param plan with or without the service: `heroku-postgresql:essential-1`, `essential-1`
   * @throws UserError `NO_SUCH_ADDON`, `NO_SUCH_PLAN`
   */
  upgrade(addon: string, plan: string): Promise<AddonView>;
  /** @throws UserError `NO_SUCH_ADDON`, `NO_SUCH_APP`, `ATTACHMENT_TAKEN`, `CONFIRMATION_REQUIRED` */
  attach(request: NewAttachment): Promise<AttachmentView>;
  /**
   * @param attachment its ID
   * @throws UserError `NO_SUCH_ATTACHMENT`, `LAST_ATTACHMENT`
   */
  detach(attachment: string): Promise<AttachmentView>;
}
