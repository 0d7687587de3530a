import type { AddonControl } from '../addons/control.js';
import {
  BACKUP_SCHEDULE,
  NEW_ADDON,
  NEW_ATTACHMENT,
  NEW_JOB,
  REDIS_CHANGES,
  RESTORE_REQUEST,
} from '../addons/requests.js';
import { flag, list, object, type Shape, type ShapeOf, text } from '../base/shape.js';

/** An operation on add-ons in dynosim's own API: `POST /dynosim/addons/<name>`. */
export interface AddonOperation<Request, Result> {
  readonly request: Shape<Request>;
  /**
   * Checks the request's shape, then performs the operation.
   * @throws UserError `BAD_REQUEST`, or as the method of `AddonControl`
   */
  perform(addons: AddonControl, sent: unknown): Promise<Result>;
}

function operation<Request, Result>(
  request: Shape<Request>,
  call: (addons: AddonControl, request: Request) => Promise<Result>,
): AddonOperation<Request, Result> {
  return { request, perform: async (addons, sent) => call(addons, request(sent, 'request')) };
}

const nothing: Shape<undefined> = () => undefined;

/**
 * The operations of `AddonControl`. The API's routes and its client both use this table, so they cannot differ. All of
 * them may wait for servers or release commands.
 */
export const ADDON_OPERATIONS = {
  list: operation(nothing, (addons) => addons.list()),
  find: operation(object({ wanted: text }), (addons, { wanted }) => addons.find(wanted)),
  attachments: operation(nothing, (addons) => addons.attachments()),
  create: operation(NEW_ADDON, (addons, request) => addons.create(request)),
  settled: operation(object({ addon: text }), (addons, { addon }) => addons.settled(addon)),
  destroy: operation(object({ addon: text, isForced: flag }), (addons, { addon, isForced }) =>
    addons.destroy(addon, isForced),
  ),
  rename: operation(object({ addon: text, name: text }), (addons, { addon, name }) =>
    addons.rename(addon, name),
  ),
  upgrade: operation(object({ addon: text, plan: text }), (addons, { addon, plan }) =>
    addons.upgrade(addon, plan),
  ),
  attach: operation(NEW_ATTACHMENT, (addons, request) => addons.attach(request)),
  detach: operation(object({ attachment: text }), (addons, { attachment }) => addons.detach(attachment)),
  'postgres.info': operation(object({ addon: text }), (addons, { addon }) => addons.postgres.info(addon)),
  'postgres.rotate': operation(object({ addon: text }), (addons, { addon }) => addons.postgres.rotate(addon)),
  'postgres.reset': operation(
    object({ addon: text, extensions: list(text) }),
    (addons, { addon, extensions }) => addons.postgres.reset(addon, extensions),
  ),
  'postgres.killAll': operation(object({ addon: text }), (addons, { addon }) =>
    addons.postgres.killAll(addon),
  ),
  'postgres.transfers': operation(nothing, (addons) => addons.postgres.transfers()),
  'postgres.capture': operation(object({ addon: text }), (addons, { addon }) =>
    addons.postgres.capture(addon),
  ),
  'postgres.restore': operation(RESTORE_REQUEST, (addons, request) => addons.postgres.restore(request)),
  'postgres.backupSchedules': operation(object({ addon: text }), (addons, { addon }) =>
    addons.postgres.backupSchedules(addon),
  ),
  'postgres.scheduleBackups': operation(BACKUP_SCHEDULE, (addons, schedule) =>
    addons.postgres.scheduleBackups(schedule),
  ),
  'postgres.unscheduleBackups': operation(object({ addon: text, id: text }), (addons, { addon, id }) =>
    addons.postgres.unscheduleBackups(addon, id),
  ),
  'postgres.removeBackup': operation(object({ id: text }), (addons, { id }) =>
    addons.postgres.removeBackup(id),
  ),
  'redis.info': operation(object({ addon: text }), (addons, { addon }) => addons.redis.info(addon)),
  'redis.configure': operation(REDIS_CHANGES, (addons, request) => addons.redis.configure(request)),
  'redis.rotate': operation(object({ addon: text }), (addons, { addon }) => addons.redis.rotate(addon)),
  'redis.resetStats': operation(object({ addon: text }), (addons, { addon }) =>
    addons.redis.resetStats(addon),
  ),
  'scheduler.jobs': operation(object({ app: text }), (addons, { app }) => addons.scheduler.jobs(app)),
  'scheduler.add': operation(NEW_JOB, (addons, request) => addons.scheduler.add(request)),
  'scheduler.remove': operation(object({ app: text, id: text }), (addons, { app, id }) =>
    addons.scheduler.remove(app, id),
  ),
} as const;

export type AddonOperationName = keyof typeof ADDON_OPERATIONS;
export type AddonRequestOf<Name extends AddonOperationName> = ShapeOf<
  (typeof ADDON_OPERATIONS)[Name]['request']
>;
export type AddonResultOf<Name extends AddonOperationName> = Awaited<
  ReturnType<(typeof ADDON_OPERATIONS)[Name]['perform']>
>;
