import { makeFolder } from '../base/atomic-file.js';
import { randomId } from '../base/ids.js';
import { readRecord, writeRecord } from '../base/record-file.js';
import { addonsFile } from './folder.js';
import { ADDONS_RECORD, type AddonsRecord } from './records.js';

/**
 * Records, for an app of its own, add-ons like those of another app, which are created when that app starts: with the same
 * plans, settings, attachments and jobs, but without data. Does nothing if there are none.
 * @param from the folder of the others
 * @param to the folder of the new ones
 * @param app the ID of the app that gets them
 * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`, `STATE_UNUSABLE`
 */
export async function copyEmpty(from: string, to: string, app: string): Promise<void> {
  const record = readRecord(addonsFile(from), ADDONS_RECORD);
  if (!record || record.addons.length === 0) return;
  makeFolder(to);
  await writeRecord(addonsFile(to), emptyCopy(record, app));
}

/** @param id invents IDs */
export function emptyCopy(record: AddonsRecord, app: string, id: () => string = randomId): AddonsRecord {
  const wanted = record.addons.filter(({ state }) => state !== 'deprovisioning');
  const ids = new Map(wanted.map((addon) => [addon.id, id()]));
  /** Those that belong to one of them, with its new ID. */
  const ofThem = <T extends { readonly addon: string }>(items: readonly T[]): readonly T[] =>
    items.flatMap((item) => {
      const addon = ids.get(item.addon);
      return addon === undefined ? [] : [{ ...item, id: id(), addon }];
    });
  return {
    addons: wanted.map((addon) => ({
      ...addon,
      id: ids.get(addon.id) ?? '',
      app,
      state: 'provisioning',
      port: null,
    })),
    attachments: ofThem(record.attachments).map((attachment) => ({ ...attachment, app })),
    jobs: ofThem(record.jobs),
    // Nobody restores what is gone with the app.
    backup_schedules: [],
  };
}
