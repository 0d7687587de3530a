import type { Cancel, Time } from '../../base/clock.js';
import { Emitter } from '../../base/emitter.js';
import { UserError } from '../../base/errors.js';
import { enumerate } from '../../base/wording.js';
import type { Supervisor } from '../../dynos/supervisor.js';
import type { RequestLease, WakeCause } from '../../router/backends.js';
import type { AppDynos, Rest } from '../app-dynos.js';
import type { RequestsInFlight } from '../requests-in-flight.js';
import { type SleepChange, SleepHistory } from './history.js';
import type { SleepView } from './views.js';
import type { Wake } from './wakes.js';
import { Waking } from './waking.js';

export interface SleeperOptions {
  readonly supervisor: Pick<Supervisor, 'dynos' | 'onChange' | 'isDebugged'>;
  readonly dynos: Pick<AppDynos, 'canSleep' | 'idle' | 'unidle'>;
  readonly requests: RequestsInFlight;
  readonly time: Time;
  /** How long the app stays awake without requests: platform time. Infinity: forever. */
  readonly sleepAfterMs: number;
  /** How long the platform takes to wake the app, before the dyno's own boot: platform time. */
  readonly wakeDelayMs: number;
  /** Whether the month's dyno hours are used up, so that nothing wakes the app. */
  isExhausted(): boolean;
  /** Called at the end of every wake: when a web dyno is up, or all have crashed. */
  onWoken(wake: Wake): void;
}

type SleepState =
  | { readonly at: 'awake' }
  /** @param since platform time */
  | { readonly at: 'asleep'; readonly since: number }
  /** Until a web dyno is up. */
  | { readonly at: 'waking'; readonly waking: Waking };

/**
 * Decides when an app falls asleep and when it wakes. While a request is in the router, the app does not fall asleep;
 * the first request to a sleeping app wakes it.
 * https://devcenter.heroku.com/articles/eco-dyno-hours
 */
export class Sleeper implements Rest {
  readonly history: SleepHistory;
  readonly #options: SleeperOptions;
  readonly #changed = new Emitter();
  /** The end of the last request: platform time. Valid only while there are no requests. */
  #quietSince: number;
  #isStarting = false;
  #state: SleepState = { at: 'awake' };
  #cancelTimer: Cancel | undefined;

  constructor(options: SleeperOptions) {
    this.#options = options;
    this.#quietSince = options.time.platform.now();
    this.history = new SleepHistory(this.#change());
    options.supervisor.onChange(() => this.#review());
  }

  /** Called after every change of `view().state`. The result unsubscribes. */
  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  view(): SleepView {
    const { requests, time } = this.#options;
    const { state, at } = this.history.latest;
    const isQuiet = requests.all.length === 0 && !this.#isStarting;
    const isCounting = state === 'awake' && isQuiet;
    return {
      state,
      since: at,
      sleepsAt: isCounting ? time.wall() + time.platform.aheadMs + Math.max(0, this.#leftMs()) : undefined,
      inFlight: requests.all.length,
      isExhausted: this.isExhausted,
    };
  }

  get #stateName(): SleepView['state'] {
    if (this.#state.at !== 'awake') return this.#state.at;
    return this.#sleepsEver ? 'awake' : 'never';
  }

  get #sleepsEver(): boolean {
    const { dynos, sleepAfterMs } = this.#options;
    return dynos.canSleep && Number.isFinite(sleepAfterMs);
  }

  #change(): SleepChange {
    const { wall, platform } = this.#options.time;
    const at = wall();
    return { state: this.#stateName, at, platformAt: at + platform.aheadMs };
  }

  get isAsleep(): boolean {
    return this.#state.at === 'asleep';
  }

  get isExhausted(): boolean {
    return this.#options.isExhausted();
  }

  /** How long until the app falls asleep without requests, platform time, ms; undefined if it sleeps or never does. */
  get sleepsInMs(): number | undefined {
    return this.#sleepsEver && !this.isAsleep ? Math.max(0, this.#leftMs()) : undefined;
  }

  get #waking(): Waking | undefined {
    return this.#state.at === 'waking' ? this.#state.waking : undefined;
  }

  /** Registers a request that is in the router. */
  enter(): Omit<RequestLease, 'isDebugged'> {
    const { time, requests } = this.#options;
    const request = requests.enter(time.real.now());
    let woken: Waking | undefined;
    return {
      wake: (cause) => {
        woken ??= this.#wake(cause);
      },
      assign: ({ id }) => {
        request.run = id;
        request.isSent = false;
      },
      sent: () => {
        request.isSent = true;
      },
      unassign: () => {
        request.run = undefined;
      },
      upgraded: () => request.upgrade(),
      release: (firstByteMs) => {
        request.leave();
        this.#waking?.waited(time.real.now() - request.arrivedAt);
        woken?.answered(firstByteMs);
        if (requests.all.length === 0) this.#quietSince = time.platform.now();
      },
    };
  }

  /**
   * Puts the app to sleep now.
   * @throws UserError `NEVER_SLEEPS`, `BUSY`
   */
  sleepNow(): void {
    this.#requireSleeper();
    const { all, upgraded } = this.#options.requests;
    if (all.length > 0) throw busy(all.length - upgraded, upgraded);
    this.#sleep();
  }

  /**
   * Wakes the app now, if it sleeps.
   * @throws UserError `NEVER_SLEEPS`, `QUOTA_USED`
   */
  wakeNow(): void {
    this.#requireSleeper();
    if (this.isExhausted)
      throw new UserError(
        'QUOTA_USED',
        "This month's dyno hours are used up: eco dynos sleep until the month ends",
        'Start with a larger quota: dynosim start --quota 1000h',
      );
    this.#wake(undefined);
  }

  #requireSleeper(): void {
    if (this.#options.dynos.canSleep) return;
    throw new UserError('NEVER_SLEEPS', 'Only apps with Eco web dynos sleep', 'See them: dynosim ps:type');
  }

  /** Must be called when the month's dyno hours are used up, and when a new month begins. */
  onHours(): void {
    if (this.isExhausted) this.#sleep();
    else if (!this.#options.dynos.canSleep) this.end();
  }

  end(): void {
    if (this.isAsleep && !this.isExhausted) this.#endSleep({ at: 'awake' }, 0);
  }

  #sleep(): void {
    const { dynos, time } = this.#options;
    if (!this.isAsleep) this.#state = { at: 'asleep', since: time.platform.now() };
    dynos.idle();
    this.#review();
  }

  #wake(cause: WakeCause | undefined): Waking | undefined {
    if (this.#state.at !== 'asleep' || this.isExhausted) return undefined;
    const { time, wakeDelayMs } = this.#options;
    const waking = new Waking(cause, {
      at: time.wall(),
      platformAt: time.wall() + time.platform.aheadMs,
      startedAt: time.real.now(),
      sleptMs: time.platform.now() - this.#state.since,
    });
    this.#endSleep({ at: 'waking', waking }, wakeDelayMs);
    return waking;
  }

  #endSleep(state: SleepState, delayMs: number): void {
    const { dynos, time } = this.#options;
    this.#state = state;
    this.#quietSince = time.platform.now();
    dynos.unidle(delayMs);
    this.#review();
  }

  /** Called after every change of a dyno or of the state. */
  #review(): void {
    const { supervisor, dynos, time, sleepAfterMs } = this.#options;
    const web = supervisor.dynos('web');
    const isStarting = web.some(({ isComing }) => isComing);
    if (this.#isStarting && !isStarting) this.#quietSince = time.platform.now();
    this.#isStarting = isStarting;
    const up = web.find(({ status }) => status === 'up');
    const haveAllCrashed = web.length > 0 && web.every(({ status }) => status === 'crashed');
    if (up || haveAllCrashed) this.#endWaking(up?.run?.bootMs);
    this.#record();
    if (!dynos.canSleep || this.isAsleep) this.#disarm();
    else if (!this.#cancelTimer) this.#arm(sleepAfterMs);
  }

  #record(): void {
    if (this.history.latest.state === this.#stateName) return;
    this.history.add(this.#change());
    this.#changed.emit();
  }

  #endWaking(bootMs: number | undefined): void {
    const waking = this.#waking;
    if (!waking) return;
    this.#state = { at: 'awake' };
    const { requests, time, onWoken } = this.#options;
    const now = time.real.now();
    for (const { arrivedAt } of requests.all) waking.waited(now - arrivedAt);
    onWoken(waking.end(now, bootMs));
  }

  /** Stops the timer. */
  close(): void {
    this.#disarm();
  }

  /** Runs when the timer is due. Requests do not reset the timer, so this computes how long there have been none. */
  #look(): void {
    this.#cancelTimer = undefined;
    const { supervisor, time } = this.#options;
    if (this.#leftMs() <= 0 && supervisor.isDebugged()) this.#quietSince = time.platform.now();
    const leftMs = this.#leftMs();
    if (leftMs > 0) this.#arm(leftMs);
    else this.#sleep();
  }

  #leftMs(): number {
    const { requests, time, sleepAfterMs } = this.#options;
    const isBusy = requests.all.length > 0 || this.#isStarting;
    return isBusy ? sleepAfterMs : this.#quietSince + sleepAfterMs - time.platform.now();
  }

  #arm(ms: number): void {
    this.#cancelTimer = this.#options.time.platform.after(ms, () => this.#look());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

function busy(requests: number, websockets: number): UserError {
  const holders = [
    ...(requests > 0 ? [`${requests} ${requests === 1 ? 'request' : 'requests'} in progress`] : []),
    ...(websockets > 0 ? [`${websockets} open ${websockets === 1 ? 'websocket' : 'websockets'}`] : []),
  ];
  const hint =
    websockets > 0
      ? 'A websocket stays open until one side closes it: close its client, such as a browser tab.'
      : 'Try again after they have ended.';
  return new UserError('BUSY', `The app is kept awake by ${enumerate(holders)}`, hint);
}
