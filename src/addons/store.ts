import { join } from 'node:path';
import { makeFolder } from '../base/atomic-file.js';
import { UserError } from '../base/errors.js';
import { folderKey } from '../base/folders.js';
import { readRecord, unusable, writeRecord } from '../base/record-file.js';
import { Turns } from '../base/turns.js';
import {
  ADDONS_RECORD,
  type AddonRecord,
  type AddonsRecord,
  type AttachmentRecord,
  type BackupScheduleRecord,
  type JobRecord,
} from './records.js';

/**
 * The folder for the add-ons of a host, in the user's data folder: not in the folder of an app, which may be read-only,
 * watched or in git.
 * @param of the folder of the app that it runs, or the state folder of a host of many apps
 */
export function addonsFolder(dataFolder: string, of: string): string {
  return join(dataFolder, 'addons', folderKey(of));
}

/** The file with the add-ons of a host. */
export function addonsFile(folder: string): string {
  return join(folder, 'addons.json');
}

const NOTHING: AddonsRecord = { addons: [], attachments: [], jobs: [], backup_schedules: [] };

/** The add-ons of a host, on disk. */
export class AddonStore {
  readonly #folder: string;
  readonly #turns = new Turns();
  #record: AddonsRecord;

  /** @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW` */
  constructor(folder: string) {
    this.#folder = folder;
    this.#record = readRecord(addonsFile(folder), ADDONS_RECORD) ?? NOTHING;
  }

  /** Oldest first. */
  get addons(): readonly AddonRecord[] {
    return this.#record.addons;
  }

  /** Oldest first. */
  get attachments(): readonly AttachmentRecord[] {
    return this.#record.attachments;
  }

  /** The jobs of all scheduler add-ons, oldest first. */
  get jobs(): readonly JobRecord[] {
    return this.#record.jobs;
  }

  /** The daily backups of all databases, oldest first. */
  get backupSchedules(): readonly BackupScheduleRecord[] {
    return this.#record.backup_schedules;
  }

  /** The folder of an add-on's data. */
  dataOf({ id }: Pick<AddonRecord, 'id'>): string {
    return join(this.#folder, id.slice(0, 8));
  }

  /** @param wanted a name or an ID */
  find(wanted: string): AddonRecord | undefined {
    return this.addons.find(({ id, name }) => id === wanted || name === wanted);
  }

  /**
   * @param wanted a name or an ID
   * @throws UserError `NO_SUCH_ADDON` in Heroku's words
   */
  get(wanted: string): AddonRecord {
    const found = this.find(wanted);
    if (found) return found;
    throw new UserError('NO_SUCH_ADDON', "Couldn't find that add-on.");
  }

  /**
   * Changes the record. Resolves when the change is on disk.
   * @param change computes the changes at its turn: other changes may come first
   * @throws UserError `STATE_UNUSABLE`, or what `change` throws, without any change
   */
  update(change: (record: AddonsRecord) => Partial<AddonsRecord>): Promise<void> {
    return this.#turns.take(async () => {
      const next = { ...this.#record, ...change(this.#record) };
      try {
        makeFolder(this.#folder);
      } catch (error) {
        throw unusable(this.#folder, error);
      }
      await writeRecord(addonsFile(this.#folder), next);
      this.#record = next;
    });
  }

  /** Changes one add-on. It is no error if it is gone. */
  updateAddon(id: string, changes: Partial<AddonRecord>): Promise<void> {
    return this.update(({ addons }) => ({
      addons: addons.map((addon) => (addon.id === id ? { ...addon, ...changes } : addon)),
    }));
  }
}
