import { randomUUID } from 'node:crypto';
import { UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';
import type { AddonRecord, BackupScheduleRecord } from '../records.js';
import type { AddonStore } from '../store.js';
import { Timetable } from '../timetable.js';
import type { AddonsWorld } from '../world.js';
import type { BackupScheduleView, TransferView } from './control.js';

export interface BackupSchedulesOptions {
  readonly world: Pick<AddonsWorld, 'time' | 'onBug'>;
  readonly store: AddonStore;
  /** Makes a backup of a database. */
  capture(addon: AddonRecord): Promise<TransferView>;
}

/** What a user asks for. */
export interface WantedSchedule {
  /** Of the attachment's config var: `DATABASE_URL`. */
  readonly name: string;
  /** 0 to 23. */
  readonly hour: number;
  /** `America/Los_Angeles`, `UTC` */
  readonly timezone: string;
}

const QUARTER_MS = 15 * 60_000;
/** A day and a few hours more, in which clocks may change. */
const LONGEST_WAIT_MS = 27 * 60 * 60_000;

/**
 * Makes a backup of a database every day at an hour of platform time.
 * https://devcenter.heroku.com/articles/heroku-postgres-backups#scheduling-backups
 */
export class BackupSchedules {
  readonly #store: AddonStore;
  readonly #timetable: Timetable<BackupScheduleRecord>;

  constructor({ world, store, capture }: BackupSchedulesOptions) {
    this.#store = store;
    this.#timetable = new Timetable<BackupScheduleRecord>({
      time: world.time,
      items: () => store.backupSchedules,
      nextDue: nextBackup,
      run: ({ addon: id }) => {
        const addon = store.find(id);
        // What fails is recorded as a failed backup.
        return addon?.state === 'provisioned' ? capture(addon).catch(world.onBug) : undefined;
      },
    });
  }

  of({ id }: AddonRecord): readonly BackupScheduleView[] {
    return this.#store.backupSchedules.filter(({ addon }) => addon === id).map((one) => this.#view(one));
  }

  /**
   * Replaces the schedule of a database, of which there is one.
   * @throws UserError `BAD_SCHEDULE`
   */
  async set({ id: addon }: AddonRecord, wanted: WantedSchedule): Promise<BackupScheduleView> {
    const record = { ...checkWanted(wanted), id: randomUUID(), addon };
    await this.#store.update(() => {
      // It may have been destroyed in the meantime.
      this.#store.get(addon);
      const others = this.#store.backupSchedules.filter((one) => one.addon !== addon);
      return { backup_schedules: [...others, record] };
    });
    this.review();
    return this.#view(record);
  }

  /** @throws UserError `NO_SUCH_SCHEDULE` */
  async remove({ id: addon }: AddonRecord, wanted: string): Promise<BackupScheduleView> {
    const found = this.#store.backupSchedules.find((one) => one.addon === addon && one.id === wanted);
    if (!found) throw new UserError('NO_SUCH_SCHEDULE', "Couldn't find that backup schedule.");
    const view = this.#view(found);
    await this.#store.update(() => ({
      backup_schedules: this.#store.backupSchedules.filter(({ id }) => id !== wanted),
    }));
    this.review();
    return view;
  }

  /** To be called after every change of the schedules and add-ons. */
  review(): void {
    this.#timetable.review();
  }

  /** Resolves when every backup that began a moment ago has ended. */
  settled(): Promise<void> {
    return this.#timetable.settled();
  }

  close(): void {
    this.#timetable.close();
  }

  #view(record: BackupScheduleRecord): BackupScheduleView {
    const { id, name, hour, timezone } = record;
    return { id, name, hour, timezone, nextAt: this.#timetable.nextOf(record) };
  }
}

/**
 * When a backup is due next.
 * @param now a date in ms since 1970
 * @returns the first date after it with this hour in the time zone
 */
export function nextBackup(
  { hour, timezone }: Pick<WantedSchedule, 'hour' | 'timezone'>,
  now: number,
): number {
  const first = Math.floor(now / QUARTER_MS + 1) * QUARTER_MS;
  // Zones differ from UTC by quarters of an hour.
  for (let at = first; at < now + LONGEST_WAIT_MS; at += QUARTER_MS)
    if (timeIn(timezone, at) === `${String(hour).padStart(2, '0')}:00`) return at;
  // The hour that this day lacks, because clocks are put forward.
  return first + 24 * 60 * 60_000;
}

/** `02:30` */
function timeIn(timezone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

function checkWanted({ name, hour, timezone }: WantedSchedule): WantedSchedule {
  if (!(Number.isInteger(hour) && hour >= 0 && hour < 24))
    throw new UserError('BAD_SCHEDULE', `${hour} is no hour of the day`, 'Write for example --at 02:00.');
  try {
    timeIn(timezone, 0);
  } catch {
    throw new UserError(
      'BAD_SCHEDULE',
      `There is no time zone ${quote(timezone)}`,
      'Write for example America/Los_Angeles or UTC.',
    );
  }
  return { name, hour, timezone };
}
