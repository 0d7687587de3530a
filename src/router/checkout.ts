import type { Clock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { Emitter } from '../base/emitter.js';
import { unreachable } from '../base/errors.js';
import type { RealTimeouts } from '../base/limits.js';
import type { Backend, Backends, Readiness } from './backends.js';
import type { Deadlines } from './deadlines.js';
import type { DynoConnection } from './dyno/connection.js';
import type { ConnectionPool, ConnectResult } from './dyno/pool.js';
import { RouterError, type RouterErrorCode } from './errors.js';
import { CHECKOUT_LIMITS } from './limits.js';
import type { ProxiedRequest } from './proxied-request.js';
import { type Failure, Quarantine, type Quarantined } from './quarantine.js';

export interface CheckoutOptions {
  readonly backends: Backends;
  readonly pool: Pick<ConnectionPool, 'take' | 'connect' | 'keepOnly' | 'close'>;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly timeouts: RealTimeouts;
  /** Like `Math.random`. */
  readonly random: () => number;
  /** Says something in the app's log. */
  remark(line: string): void;
}

/** No dyno is up, and none will be soon. */
const HOPELESS: { readonly [kind in Readiness['kind']]?: RouterErrorCode } = {
  maintenance: 'H80',
  exhausted: 'H82',
  none: 'H14',
  blank: 'H81',
};

/** What to do with a request at this moment. */
type Choice =
  | { readonly do: 'refuse'; readonly code: RouterErrorCode }
  | { readonly do: 'connect'; readonly backend: Backend }
  /** Every dyno is in quarantine. */
  | { readonly do: 'try again' }
  | { readonly do: 'wait for boot'; readonly isAsleep: boolean };

/**
 * Finds a dyno for each request of one app: now, or after a wait, or never.
 * https://devcenter.heroku.com/articles/http-routing#request-distribution
 */
export class Checkout {
  readonly #options: CheckoutOptions;
  readonly #quarantine: Quarantine;
  /** A dyno has left its quarantine. */
  readonly #accepted = new Emitter();
  readonly #unsubscribe: () => void;
  #dynos = 1;
  /** Since when the dyno refused that the log has a word of. */
  #remarkedOn: number | undefined;

  constructor(options: CheckoutOptions) {
    this.#options = options;
    this.#quarantine = new Quarantine(options.clock);
    this.#unsubscribe = options.backends.onChange(() => this.#onChange());
  }

  /**
   * A connection to one of the dynos that are up, chosen at random; waits for one if there is hope. Nearly always there
   * is one at once, and no promise is made for it.
   * @throws RouterError as rejection: H10, H11, H14, H19, H20, H21, H80, H82, or why the request was interrupted
   */
  connection(request: ProxiedRequest): DynoConnection | Promise<DynoConnection> {
    const choice = this.#choose();
    return this.#spare(request, choice) ?? this.#find(request, choice);
  }

  #spare(request: ProxiedRequest, choice: Choice): DynoConnection | undefined {
    if (choice.do !== 'connect') return undefined;
    request.assign(choice.backend);
    return this.#options.pool.take(choice.backend, request.isRepeatable);
  }

  /**
   * Another connection for a request that may be repeated, because the dyno closed this one without a byte:
   * - a dyno that has been told to stop may drop what it has not read: another dyno gets the request;
   * - one that was used before may have been closed as nobody used it: the same dyno gets the request on a new one. It may
   *   refuse that for a moment, as a server does that restarts itself;
   * - a dyno that has died, has perhaps died of this very request: no other dyno gets it.
   * @throws RouterError as rejection: H13, or as `connection`
   */
  async again(
    request: ProxiedRequest,
    { backend, isReused }: Pick<DynoConnection, 'backend' | 'isReused'>,
  ): Promise<DynoConnection> {
    if (!this.#isListed(backend)) return this.#find(request, this.#choose());
    const { clock, timeouts } = this.#options;
    const lastMoment = clock.now() + timeouts.connect;
    request.repeat();
    while (isReused && this.#isListed(backend) && clock.now() < lastMoment) {
      const result = await this.#connect(backend);
      if (result.kind === 'connected') return result.connection;
      const tryAgainAt = clock.now() + CHECKOUT_LIMITS.quarantineMs[result.kind];
      if (this.#isListed(backend)) await this.#change(request, Math.min(tryAgainAt, lastMoment));
    }
    throw new RouterError('H13');
  }

  close(): void {
    this.#unsubscribe();
    this.#options.pool.close();
  }

  async #find(request: ProxiedRequest, first: Choice): Promise<DynoConnection> {
    const { clock, timeouts } = this.#options;
    const lastMoment = clock.now() + timeouts.queue;
    let late = 0;
    for (let choice = first; ; choice = this.#choose()) {
      if (choice.do !== 'connect') {
        request.unassign();
        await this.#wait(request, choice, lastMoment);
        continue;
      }
      request.assign(choice.backend);
      const result = await this.#connect(choice.backend);
      if (result.kind === 'connected') {
        if (this.#isListed(choice.backend)) return result.connection;
        // It has been told to stop meanwhile, and may close what it has not read.
        result.connection.destroy();
      } else if (result.kind === 'timeout') {
        late += 1;
        if (late >= Math.min(CHECKOUT_LIMITS.attempts, this.#dynos))
          throw notTaken(request, { ...result, backend: choice.backend });
      }
    }
  }

  /** Decides what to do, and does nothing yet. */
  #choose(): Choice {
    const { backends, random } = this.#options;
    const readiness = backends.readiness();
    const hopeless = HOPELESS[readiness.kind];
    if (hopeless !== undefined) return { do: 'refuse', code: hopeless };
    if (readiness.kind === 'up') this.#dynos = readiness.backends.length;
    // https://devcenter.heroku.com/articles/error-codes#h11-backlog-too-deep
    if (backends.inFlight > CHECKOUT_LIMITS.requestsPerDyno * this.#dynos)
      return { do: 'refuse', code: 'H11' };
    if (readiness.kind === 'crashed') return { do: 'refuse', code: 'H10' };
    if (readiness.kind !== 'up') return { do: 'wait for boot', isAsleep: readiness.kind === 'idle' };
    const free = this.#quarantine.free(readiness.backends);
    const backend = free[Math.floor(random() * free.length)];
    return backend === undefined ? { do: 'try again' } : { do: 'connect', backend };
  }

  /**
   * Until it is worth choosing again.
   * @throws RouterError as rejection: what is to be said at the last moment, or why the request was interrupted
   */
  async #wait(
    request: ProxiedRequest,
    choice: Exclude<Choice, { do: 'connect' }>,
    lastMoment: number,
  ): Promise<void> {
    const isLastMoment = this.#options.clock.now() >= lastMoment;
    switch (choice.do) {
      case 'refuse':
        throw new RouterError(choice.code);
      case 'try again': {
        const next = this.#quarantine.next();
        if (next === undefined) return;
        if (isLastMoment) throw notTaken(request, next.failure);
        this.#remarkOnce(next);
        return this.#change(request, Math.min(next.until, lastMoment));
      }
      case 'wait for boot':
        if (isLastMoment) throw new RouterError('H20');
        if (choice.isAsleep) request.wake();
        return this.#change(request, lastMoment, { isForBoot: true });
      default:
        return unreachable(choice);
    }
  }

  /** While a server restarts itself nothing is said: it is back soon. */
  #remarkOnce({ since, failure: { kind, backend } }: Quarantined): void {
    const { clock, timeouts, remark } = this.#options;
    const isLong = clock.now() - since >= CHECKOUT_LIMITS.remarkMs;
    if (kind !== 'refused' || !isLong || this.#remarkedOn === since) return;
    this.#remarkedOn = since;
    remark(
      `${backend.dyno} runs but refuses connections: requests wait until it listens again, for up to ${formatDuration(timeouts.queue)}`,
    );
  }

  async #connect(backend: Backend): Promise<ConnectResult> {
    this.#quarantine.tried(backend);
    const result = await this.#options.pool.connect(backend);
    if (result.kind !== 'connected') this.#quarantine.failed({ ...result, backend });
    else if (this.#quarantine.accepted(backend)) this.#accepted.emit();
    return result;
  }

  #isListed({ id }: Backend): boolean {
    const readiness = this.#options.backends.readiness();
    return readiness.kind === 'up' && readiness.backends.some((backend) => backend.id === id);
  }

  /**
   * Until the dynos change, or `at` has come. Requests go on in the order in which they came.
   * @param isForBoot H10 if all dynos have crashed, although a crashed dyno often starts again at once
   * @throws RouterError as rejection: H10, or why the request was interrupted
   */
  #change(request: ProxiedRequest, at: number, { isForBoot } = { isForBoot: false }): Promise<void> {
    const { backends, clock, deadlines } = this.#options;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        for (const unsubscribe of unsubscribes) unsubscribe();
        deadline.stop();
        request.onInterrupt(undefined);
      };
      const goOn = (): void => {
        stop();
        resolve();
      };
      const fail = (why: RouterError): void => {
        stop();
        reject(why);
      };
      const onChange = (): void => {
        if (isForBoot && backends.readiness().kind === 'crashed') fail(new RouterError('H10'));
        else goOn();
      };
      const unsubscribes = [backends.onChange(onChange), this.#accepted.subscribe(goOn)];
      const deadline = deadlines.after(at - clock.now(), goOn);
      request.onInterrupt(fail);
    });
  }

  #onChange(): void {
    const readiness = this.#options.backends.readiness();
    const backends = readiness.kind === 'up' ? readiness.backends : [];
    this.#options.pool.keepOnly(backends);
    this.#quarantine.keepOnly(backends);
  }
}

/** For a request that no dyno has taken; the log line names the one that was tried last. */
function notTaken(request: ProxiedRequest, { kind, ms, backend }: Failure): RouterError {
  request.unassign({ dyno: backend.dyno, connectMs: ms });
  return new RouterError(kind === 'refused' ? 'H21' : 'H19');
}
