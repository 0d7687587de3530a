import type { Clock } from '../base/clock.js';
import type { RealTimeouts } from '../base/limits.js';
import type { Backend, Backends, Readiness } from './backends.js';
import type { Deadlines } from './deadlines.js';
import type { DynoConnection } from './dyno/connection.js';
import type { ConnectionPool, ConnectResult } from './dyno/pool.js';
import { RouterError, type RouterErrorCode } from './errors.js';
import { CHECKOUT_LIMITS } from './limits.js';
import type { Visit } from './visit.js';

export interface CheckoutOptions {
  readonly backends: Backends;
  readonly pool: Pick<ConnectionPool, 'take' | 'connect' | 'keepOnly' | 'close'>;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly timeouts: RealTimeouts;
  /** Like `Math.random`. */
  readonly random: () => number;
}

/** Where there is no dyno, and will be none. */
const AT_ONCE: { readonly [kind in Readiness['kind']]?: RouterErrorCode } = {
  maintenance: 'H80',
  exhausted: 'H82',
  none: 'H14',
};

type Failed = Extract<ConnectResult, { readonly ms: number }>;

interface Wait {
  /** Until the dyno's app says something, if not given. */
  readonly ms?: number;
  readonly lastMoment: number;
  /** At the last moment. */
  readonly code: RouterErrorCode;
  /** H10 if all have crashed, although a crashed dyno often starts again at once. */
  readonly isForBoot?: boolean;
}

/**
 * Finds a dyno for each request of one app: now, or after a wait, or never.
 * https://devcenter.heroku.com/articles/http-routing#request-distribution
 */
export class Checkout {
  readonly #options: CheckoutOptions;
  /** Until when a dyno that took no connection gets no other, by the run's id. */
  readonly #quarantine = new Map<string, number>();
  readonly #unsubscribe: () => void;
  #inFlight = 0;
  #dynos = 1;

  constructor(options: CheckoutOptions) {
    this.#options = options;
    this.#unsubscribe = options.backends.onChange(() => this.#onChange());
  }

  /** The request counts as one in flight. */
  enter(visit: Visit): void {
    visit.isInFlight = true;
    this.#inFlight += 1;
  }

  /** It no longer does: it is over, or has become a tunnel, which is not limited. */
  leave(visit: Visit): void {
    if (visit.isInFlight) this.#inFlight -= 1;
    visit.isInFlight = false;
    visit.vacate();
  }

  /**
   * A connection to one of the dynos that are up, chosen at random; waits for one if there is hope.
   * @throws RouterError as rejection: H10, H11, H14, H19, H20, H21, H80, H82, H99, or why the request was interrupted
   */
  connection(visit: Visit): DynoConnection | Promise<DynoConnection> {
    return this.#idle(visit) ?? this.#find(visit, true);
  }

  /** What `#find` finds nearly always, without the cost of a promise. */
  #idle(visit: Visit): DynoConnection | undefined {
    const readiness = this.#options.backends.readiness();
    if (readiness.kind !== 'up' || !visit.isRepeatable) return undefined;
    this.#dynos = readiness.backends.length;
    if (this.#isTooDeep()) return undefined;
    const backend = this.#pick(readiness.backends);
    if (backend === undefined) return undefined;
    visit.heading(backend);
    return this.#options.pool.take(backend, true);
  }

  /**
   * Another connection for a request that may be repeated, because the dyno closed this one without a byte:
   * - a dyno that has been told to stop may drop what it has not read: another dyno gets the request;
   * - one that was used before may have been closed for being idle: the same dyno gets it on a new one;
   * - a dyno that takes no connection any more has died, perhaps of this very request: no other dyno gets it.
   * @throws RouterError as rejection: H13, or as `connection`
   */
  async again(
    visit: Visit,
    { backend, isReused }: Pick<DynoConnection, 'backend' | 'isReused'>,
  ): Promise<DynoConnection> {
    if (!this.#isListed(backend)) return this.#find(visit, false);
    const result = isReused ? await this.#connect(backend) : undefined;
    if (result?.kind === 'connected') return result.connection;
    throw new RouterError('H13');
  }

  close(): void {
    this.#unsubscribe();
    this.#options.pool.close();
  }

  async #find(visit: Visit, mayReuse: boolean): Promise<DynoConnection> {
    const { backends, pool, clock, timeouts } = this.#options;
    const lastMoment = clock.now() + timeouts.queue;
    let failures = 0;
    visit.undispatched();
    for (let pauseMs: number = CHECKOUT_LIMITS.firstPauseMs; ; ) {
      const readiness = backends.readiness();
      if (readiness.kind !== 'up') {
        await this.#untilUp(visit, readiness.kind, lastMoment);
        continue;
      }
      this.#checkBacklog(readiness.backends.length);
      const backend = this.#pick(readiness.backends);
      if (backend === undefined) {
        await this.#wait(visit, { ms: pauseMs, lastMoment, code: 'H99' });
        pauseMs = Math.min(pauseMs * 2, CHECKOUT_LIMITS.longestPauseMs);
        continue;
      }
      visit.heading(backend);
      const idle = mayReuse ? pool.take(backend, visit.isRepeatable) : undefined;
      if (idle !== undefined) return idle;
      const result = await this.#connect(backend);
      if (result.kind === 'connected') {
        if (this.#isListed(backend)) return result.connection;
        // It has been told to stop meanwhile, and may close what it has not read.
        result.connection.destroy();
        continue;
      }
      failures += 1;
      if (failures < Math.min(CHECKOUT_LIMITS.attempts, readiness.backends.length)) continue;
      await this.#lastWord(visit, backend, result);
      failures = 0;
    }
  }

  async #untilUp(visit: Visit, kind: Exclude<Readiness['kind'], 'up'>, lastMoment: number): Promise<void> {
    const refused = AT_ONCE[kind];
    if (refused !== undefined) throw new RouterError(refused);
    this.#checkBacklog(this.#dynos);
    if (kind === 'crashed') throw new RouterError('H10');
    if (kind === 'idle') visit.passage?.wake(visit.wakeCause);
    await this.#wait(visit, { lastMoment, code: 'H20', isForBoot: true });
  }

  /**
   * https://devcenter.heroku.com/articles/error-codes#h11-backlog-too-deep
   * @throws RouterError H11
   */
  #checkBacklog(dynos: number): void {
    this.#dynos = dynos;
    if (this.#isTooDeep()) throw new RouterError('H11');
  }

  #isTooDeep(): boolean {
    return this.#inFlight > CHECKOUT_LIMITS.requestsPerDyno * this.#dynos;
  }

  #pick(backends: readonly Backend[]): Backend | undefined {
    const free = this.#quarantine.size === 0 ? backends : backends.filter((one) => !this.#isQuarantined(one));
    return free[Math.floor(this.#options.random() * free.length)];
  }

  #isQuarantined({ id }: Backend): boolean {
    const until = this.#quarantine.get(id);
    if (until === undefined) return false;
    if (until > this.#options.clock.now()) return true;
    this.#quarantine.delete(id);
    return false;
  }

  async #connect(backend: Backend): Promise<ConnectResult> {
    const result = await this.#options.pool.connect(backend);
    if (result.kind !== 'connected')
      this.#quarantine.set(backend.id, this.#options.clock.now() + CHECKOUT_LIMITS.quarantineMs);
    return result;
  }

  /**
   * No dyno took the connection. Often one has just died: if its app says so in a moment, or has another one, the
   * request is like one that comes then. Nothing of it has been sent.
   */
  async #lastWord(visit: Visit, backend: Backend, failed: Failed): Promise<void> {
    const { clock } = this.#options;
    const code = failed.kind === 'refused' ? 'H21' : 'H19';
    const lastMoment = clock.now() + CHECKOUT_LIMITS.lastWordMs;
    visit.dyno = backend.dyno;
    visit.connectMs = failed.ms;
    while (this.#isListed(backend)) {
      await this.#wait(visit, { lastMoment, code });
      const isSaid = clock.now() < lastMoment;
      if (isSaid && this.#hasFree()) break;
    }
    visit.undispatched();
  }

  #hasFree(): boolean {
    const readiness = this.#options.backends.readiness();
    return readiness.kind === 'up' && this.#pick(readiness.backends) !== undefined;
  }

  #isListed({ id }: Backend): boolean {
    const readiness = this.#options.backends.readiness();
    return readiness.kind === 'up' && readiness.backends.some((backend) => backend.id === id);
  }

  /**
   * Until the dynos change, or for `ms`. Who asked first hears first.
   * @throws RouterError as rejection: `code` at the last moment, H10, or why the request was interrupted
   */
  #wait(visit: Visit, options: Wait): Promise<void> {
    const { backends, clock, deadlines } = this.#options;
    const { ms = Number.POSITIVE_INFINITY, lastMoment, code, isForBoot = false } = options;
    const left = lastMoment - clock.now();
    if (left <= 0) return Promise.reject(new RouterError(code));
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        unsubscribe();
        deadline.stop();
        visit.onInterrupt(undefined);
      };
      const goOn = (): void => {
        stop();
        resolve();
      };
      const unsubscribe = backends.onChange(() => {
        if (!isForBoot || backends.readiness().kind !== 'crashed') return goOn();
        stop();
        reject(new RouterError('H10'));
      });
      const deadline = deadlines.after(Math.min(ms, left), goOn);
      visit.onInterrupt((why) => {
        stop();
        reject(why);
      });
    });
  }

  #onChange(): void {
    const readiness = this.#options.backends.readiness();
    const backends = readiness.kind === 'up' ? readiness.backends : [];
    this.#options.pool.keepOnly(backends);
    for (const id of this.#quarantine.keys())
      if (!backends.some((backend) => backend.id === id)) this.#quarantine.delete(id);
  }
}
