import type { Time } from '../../base/clock.js';
import type { Supervisor } from '../../dynos/supervisor.js';
import type { AppDynos } from '../app-dynos.js';
import type { RequestsInFlight } from '../requests-in-flight.js';
import { Callers } from './callers.js';
import { describeWake } from './describe-wake.js';
import { DynoHours, type DynoUsage } from './dyno-hours.js';
import { Sleeper } from './sleeper.js';
import { Wakes } from './wakes.js';

export interface SleepSettings {
  /** An app with eco web dynos sleeps after so long without requests: platform time, ms. Infinity: never. */
  readonly afterMs: number;
  /** What the platform takes before a dyno's own boot, platform time, ms. */
  readonly wakeDelayMs: number;
  /** Dyno hours of the month, ms of platform time. */
  readonly quotaMs: number;
}

const NEVER: SleepSettings = {
  afterMs: Number.POSITIVE_INFINITY,
  wakeDelayMs: 0,
  quotaMs: Number.POSITIVE_INFINITY,
};

export interface AppSleepOptions {
  readonly settings?: SleepSettings;
  readonly supervisor: Supervisor;
  readonly dynos: AppDynos;
  readonly requests: RequestsInFlight;
  readonly time: Time;
  /** Says something of dynosim's own in the app's log. */
  remark(line: string): void;
}

/** All about one app's sleep: when, how often, and what it saves. */
export class AppSleep {
  readonly settings: SleepSettings;
  readonly sleeper: Sleeper;
  readonly wakes = new Wakes();
  readonly callers = new Callers();
  readonly #hours: DynoHours;

  constructor({ settings = NEVER, supervisor, dynos, requests, time, remark }: AppSleepOptions) {
    this.settings = settings;
    this.#hours = new DynoHours({
      clock: time.platform,
      wall: time.wall,
      quotaMs: settings.quotaMs,
      counts: () => dynos.ecoCounts(),
      onChange: () => {
        this.sleeper.onHours();
        if (this.#hours.isExhausted)
          remark('the dyno hours of this month are used up: eco dynos sleep until it ends');
      },
    });
    // Once for all that happens in the same breath: a hundred dynos start at once.
    let isDue = false;
    supervisor.onChange(() => {
      if (isDue) return;
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        this.#hours.update();
      });
    });
    this.sleeper = new Sleeper({
      supervisor,
      dynos,
      requests,
      time,
      sleepAfterMs: settings.afterMs,
      wakeDelayMs: settings.wakeDelayMs,
      isExhausted: () => this.#hours.isExhausted,
      onWoken: (wake) => {
        this.wakes.add(wake);
        remark(describeWake(wake));
      },
    });
  }

  /** The month's dyno hours are used up. */
  get isExhausted(): boolean {
    return this.#hours.isExhausted;
  }

  /** Dyno hours since dynosim was started. */
  usage(): DynoUsage {
    return this.#hours.usage();
  }

  /** The app has ended: no timer of it is left. */
  close(): void {
    this.sleeper.close();
    this.#hours.close();
  }
}
