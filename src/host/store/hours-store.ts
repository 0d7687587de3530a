import { dirname } from 'node:path';
import type { EcoMonth } from '../../apps/sleep/eco-pool.js';
import { removeDrafts } from '../../base/atomic-file.js';
import type { Cancel, Clock } from '../../base/clock.js';
import { errorMessage, UserError } from '../../base/errors.js';
import { readRecord, writeRecord } from '../../base/record-file.js';
import { Turns } from '../../base/turns.js';
import { HOURS_RECORD } from './records.js';

/** How much use a killed host may forget. */
const EVERY_MS = 60_000;

export interface HoursStoreOptions {
  readonly file: string;
  /** Real time. */
  readonly clock: Clock;
  /** What is to be kept. */
  now(): EcoMonth;
  /** Called with a line. */
  onProblem(line: string): void;
}

/**
 * Keeps a host's eco dyno hours in a file. Writes it every minute while eco dynos run, and when the last of them ends:
 * apps that sleep cost no timer.
 */
export class HoursStore {
  readonly #options: HoursStoreOptions;
  readonly #turns = new Turns();
  #cancelTimer: Cancel | undefined;
  #saved: string | undefined;
  #hasFailed = false;

  constructor(options: HoursStoreOptions) {
    this.#options = options;
  }

  /** What was kept before the start of dynosim. Removes what a host left that was killed while it wrote. */
  read(): EcoMonth | undefined {
    const { file, onProblem } = this.#options;
    try {
      removeDrafts(dirname(file));
      const record = readRecord(file, HOURS_RECORD);
      const past = record && { month: record.month, usedMs: record.used_ms };
      this.#saved = past && JSON.stringify(past);
      return past;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onProblem(`Eco dyno hours are counted from 0: ${error.message}`);
      return undefined;
    }
  }

  /** Call this when dynos begin and end to use hours. */
  onUse(isInUse: boolean): void {
    if (isInUse) this.#cancelTimer ??= this.#options.clock.after(EVERY_MS, () => this.#tick());
    else if (this.#cancelTimer) void this.close();
  }

  /** Resolves when all is on disk. */
  async close(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#save();
  }

  #tick(): void {
    this.#cancelTimer = undefined;
    this.onUse(true);
    void this.#save();
  }

  #save(): Promise<void> {
    const { file, now, onProblem } = this.#options;
    return this.#turns.take(async () => {
      const month = now();
      const text = JSON.stringify(month);
      if (text === this.#saved || (this.#saved === undefined && Object.keys(month.usedMs).length === 0))
        return;
      try {
        await writeRecord(file, { month: month.month, used_ms: month.usedMs });
        this.#saved = text;
        this.#hasFailed = false;
      } catch (error) {
        // Once: it may go on for hours.
        if (!this.#hasFailed) onProblem(`Eco dyno hours are not kept: ${errorMessage(error)}`);
        this.#hasFailed = true;
      }
    });
  }
}
