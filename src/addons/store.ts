import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeDrafts } from '../base/atomic-file.js';
import { UserError } from '../base/errors.js';
import { readRecord, unusable, writeRecord } from '../base/record-file.js';
import { Turns } from '../base/turns.js';
import { varNames } from './attachments.js';
import { addonsFile } from './folder.js';
import {
  ADDONS_RECORD,
  type AddonRecord,
  type AddonsRecord,
  type AttachmentRecord,
  type BackupScheduleRecord,
  type JobRecord,
} from './records.js';
import { serviceOf } from './services.js';

/**
 * The config vars that add-ons set in the app of a folder while it runs, and the name of each one's add-on.
 * @param folder of the add-ons
 * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`
 */
export function attachedNames(folder: string): ReadonlyMap<string, string> {
  const { addons, attachments } = readAddons(folder);
  return new Map(
    attachments.flatMap(({ name, addon: id }) => {
      const addon = addons.find((one) => one.id === id);
      const names = addon ? varNames(name, serviceOf(addon.service)) : [];
      return names.map((key) => [key, addon?.name ?? ''] as const);
    }),
  );
}

/**
 * The add-ons of a host, whether or not it runs.
 * @param folder of the add-ons
 * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`
 */
export function readAddons(folder: string): AddonsRecord {
  return readRecord(addonsFile(folder), ADDONS_RECORD) ?? NOTHING;
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
    if (existsSync(folder)) removeDrafts(folder);
    this.#record = readAddons(folder);
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
