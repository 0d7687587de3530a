import { randomUUID } from 'node:crypto';
import { UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';
import type { AddonRecord, BackupScheduleRecord } from '../records.js';
import type { AddonStore } from '../store.js';
import { Timetable } from '../timetable.js';
import type { AddonsWorld } from '../world.js';
import type { BackupScheduleView } from './control.js';

export interface BackupSchedulesOptions {
  readonly world: Pick<AddonsWorld, 'time' | 'app' | 'onBug'>;
  readonly store: AddonStore;
  /** Makes a backup of a database. */
  capture(addon: AddonRecord): Promise<unknown>;
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

/** More than two days: one may lack the hour, because clocks are put forward. It then has no backup. */
const LONGEST_WAIT_MS = 50 * 60 * 60_000;

/**
 * Makes a backup of a database every day at an hour of platform time.
 * https://devcenter.heroku.com/articles/heroku-postgres-backups#scheduling-backups
 */
export class BackupSchedules {
  readonly #store: AddonStore;
  /** To be reviewed after every change of the schedules. */
  readonly timetable: Timetable<BackupScheduleRecord>;

  constructor({ world, store, capture }: BackupSchedulesOptions) {
    this.#store = store;
    this.timetable = new Timetable<BackupScheduleRecord>({
      time: world.time,
      items: () => store.backupSchedules,
      nextDue: nextBackup,
      run: ({ addon: id }) => {
        const addon = store.find(id);
        if (addon?.state !== 'provisioned') return undefined;
        return capture(addon).catch((error: unknown) => {
          // What fails is recorded as a failed backup, unless nothing can be recorded.
          if (!(error instanceof UserError)) return world.onBug(error);
          world.app(addon.app)?.remark(`no backup of ${addon.name} was made: ${error.message}`);
        });
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
    this.timetable.review();
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
    this.timetable.review();
    return view;
  }

  #view(record: BackupScheduleRecord): BackupScheduleView {
    const { id, name, hour, timezone } = record;
    return { id, name, hour, timezone, nextAt: this.timetable.nextOf(record) };
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
  const clock = clockIn(timezone);
  const wanted = `${String(hour).padStart(2, '0')}:00`;
  // Zones differ from UTC by quarters of an hour.
  const first = Math.floor(now / QUARTER_MS + 1) * QUARTER_MS;
  for (let at = first; at < first + LONGEST_WAIT_MS; at += QUARTER_MS)
    if (clock.format(at) === wanted) return at;
  throw new Error(`It is never ${wanted} in ${timezone}`);
}

/** Formats the time of the day: `02:30`. @throws RangeError if there is no such time zone */
function clockIn(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

function checkWanted({ name, hour, timezone }: WantedSchedule): WantedSchedule {
  if (!(Number.isInteger(hour) && hour >= 0 && hour < 24))
    throw new UserError('BAD_SCHEDULE', `${hour} is no hour of the day`, 'Write for example --at 02:00.');
  try {
    clockIn(timezone);
  } catch {
    throw new UserError(
      'BAD_SCHEDULE',
      `There is no time zone ${quote(timezone)}`,
      'Write for example America/Los_Angeles or UTC.',
    );
  }
  return { name, hour, timezone };
}
