import type { Time } from '../../base/clock.js';
import type { Supervisor } from '../../dynos/supervisor.js';
import type { AppDynos } from '../app-dynos.js';
import type { RequestsInFlight } from '../requests-in-flight.js';
import { Callers } from './callers.js';
import { describeWake } from './describe-wake.js';
import { DynoHours, type DynoUsage } from './dyno-hours.js';
import { EcoPool } from './eco-pool.js';
import { Sleeper } from './sleeper.js';
import { type Wake, Wakes } from './wakes.js';

export interface SleepSettings {
  /** How long an app with eco web dynos stays awake without requests: platform time. Infinity: forever. */
  readonly afterMs: number;
  /** How long the platform takes to wake an app, before the dyno's own boot: platform time. */
  readonly wakeDelayMs: number;
  /** Dyno hours per month: platform time. */
  readonly quotaMs: number;
}

const NEVER: SleepSettings = {
  afterMs: Number.POSITIVE_INFINITY,
  wakeDelayMs: 0,
  quotaMs: Number.POSITIVE_INFINITY,
};

export interface AppSleepOptions {
  readonly appId: string;
  readonly settings?: SleepSettings;
  /** The dyno hours that the app shares with others. Undefined: it has its quota to itself. */
  readonly pool?: EcoPool;
  readonly supervisor: Supervisor;
  readonly dynos: AppDynos;
  readonly requests: RequestsInFlight;
  readonly time: Time;
  /** Writes a remark to the app's log. */
  remark(line: string): void;
  /** Called at the end of every wake. */
  onWoken(wake: Wake): void;
}

/** One app's sleep: when it sleeps, its wakes, its callers and its dyno hours. */
export class AppSleep {
  readonly settings: SleepSettings;
  readonly sleeper: Sleeper;
  readonly wakes = new Wakes();
  readonly callers = new Callers();
  readonly #hours: DynoHours;
  readonly #pool: EcoPool;
  readonly #remark: (line: string) => void;

  constructor({
    settings = NEVER,
    supervisor,
    dynos,
    requests,
    time,
    remark,
    onWoken,
    ...own
  }: AppSleepOptions) {
    this.settings = settings;
    this.#remark = remark;
    this.#pool = own.pool ?? new EcoPool({ time, quotaMs: settings.quotaMs });
    this.#hours = new DynoHours({
      id: own.appId,
      pool: this.#pool,
      clock: time.platform,
      counts: () => dynos.ecoCounts(),
      onChange: () => this.#onHours(),
    });
    // Once for all changes in one turn of the event loop: a hundred dynos may start at once.
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
      isExhausted: () => this.isExhausted,
      onWoken: (wake) => {
        this.wakes.add(wake);
        remark(describeWake(wake));
        onWoken(wake);
      },
    });
  }

  /** Whether the month's dyno hours are used up. */
  get isExhausted(): boolean {
    return this.#pool.isExhausted;
  }

  /** To be called before the dynos start for the first time: the hours may have been used up before. */
  begin(): void {
    if (this.isExhausted) this.#onHours();
  }

  /** Forgets wakes, callers, dyno hours, and when the app slept before. */
  reset(): void {
    this.sleeper.history.clear();
    this.wakes.clear();
    this.callers.clear();
    this.#hours.reset();
  }

  usage(): DynoUsage {
    return this.#hours.usage();
  }

  #onHours(): void {
    this.sleeper.onHours();
    if (this.isExhausted)
      this.#remark("this month's dyno hours are used up: eco dynos sleep until the month ends");
  }

  /** Stops all timers. */
  close(): void {
    this.sleeper.close();
    this.#hours.close();
  }
}
