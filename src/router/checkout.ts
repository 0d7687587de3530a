import type { Clock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { Emitter } from '../base/emitter.js';
import { unreachable } from '../base/errors.js';
import { Hold } from '../base/hold.js';
import type { RealTimeouts } from '../base/limits.js';
import type { Backend, Backends, Readiness } from './backends.js';
import type { Deadlines } from './deadlines.js';
import type { DynoConnection } from './dyno/connection.js';
import type { ConnectionPool, ConnectResult } from './dyno/pool.js';
import { RouterError, type RouterErrorCode } from './errors.js';
import { CHECKOUT_LIMITS } from './limits.js';
import type { ProxiedRequest } from './proxied-request.js';
import { type BackendFailure, Quarantine, type Quarantined } from './quarantine.js';

export interface CheckoutOptions {
  readonly backends: Backends;
  readonly pool: Pick<ConnectionPool, 'take' | 'connect' | 'keepOnly' | 'close'>;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly timeouts: RealTimeouts;
  readonly random: () => number;
  /** Writes a remark to the app's log. */
  remark(line: string): void;
}

/** Error codes where no dyno is up or will be soon. */
const HOPELESS: { readonly [kind in Readiness['kind']]?: RouterErrorCode } = {
  maintenance: 'H80',
  exhausted: 'H82',
  none: 'H14',
  blank: 'H81',
};

type Choice =
  | { readonly do: 'refuse'; readonly code: RouterErrorCode }
  | { readonly do: 'connect'; readonly backend: Backend }
  /** Every dyno is in quarantine. */
  | { readonly do: 'try again' }
  | { readonly do: 'wait for boot'; readonly isAsleep: boolean };

/**
 * Finds a dyno for each request of one app, if necessary after a wait.
 * https://devcenter.heroku.com/articles/http-routing#request-distribution
 */
export class Checkout {
  readonly #options: CheckoutOptions;
  readonly #quarantine: Quarantine;
  /** Emits when a dyno leaves quarantine. */
  readonly #accepted = new Emitter();
  readonly #unsubscribe: () => void;
  #dynos = 1;
  /** When the dyno named in the last remark began to refuse connections. */
  #remarkedOn: number | undefined;

  constructor(options: CheckoutOptions) {
    this.#options = options;
    this.#quarantine = new Quarantine(options.clock);
    this.#unsubscribe = options.backends.onChange(() => this.#onChange());
  }

  /**
   * Connects to a random dyno that is up, or waits for one. Usually a spare connection exists and is returned without
   * a promise.
   * @throws RouterError as rejection: H10, H11, H14, H19, H20, H21, H80, H82, or the reason for an interruption
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
   * Another connection for a repeatable request whose dyno closed the connection without a response:
   * - A dyno that is stopping may drop what it has not read: another dyno gets the request.
   * - A dyno may close a reused connection because it was idle: the same dyno gets the request on a new connection.
   * - A dyno whose server restarts itself refuses connections for a moment: it gets the request once it listens again.
   * - A dyno that died may have died of this request, all the more if it got it twice: no other dyno gets it.
   * @throws RouterError as rejection: H13, or as `connection`
   */
  async again(
    request: ProxiedRequest,
    { backend, isReused }: Pick<DynoConnection, 'backend' | 'isReused'>,
  ): Promise<DynoConnection> {
    if (!request.isRepeated && !this.#isListed(backend)) return this.#find(request, this.#choose());
    const { clock, timeouts } = this.#options;
    const lastMoment = clock.now() + timeouts.connect;
    let mayRepeat = isReused;
    request.repeat();
    if (!isReused && this.#isListed(backend))
      await this.#change(request, clock.now() + CHECKOUT_LIMITS.dyingMs);
    while (this.#isListed(backend) && clock.now() < lastMoment) {
      const result = await this.#connect(backend);
      if (result.kind === 'connected') {
        if (mayRepeat) return result.connection;
        result.connection.destroy();
        break;
      }
      mayRepeat ||= result.kind === 'refused';
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
    const hold = new Hold();
    let lastMoment = clock.now() + timeouts.queue;
    let late = 0;
    for (let choice = first; ; choice = this.#choose()) {
      if (choice.do !== 'connect') {
        request.unassign();
        request.isHeld ||= choice.do !== 'refuse';
        const now = clock.now();
        if (now >= lastMoment) lastMoment = now + (hold.more(request.isDebugged, timeouts.queue) ?? 0);
        await this.#wait(request, choice, lastMoment);
        continue;
      }
      request.assign(choice.backend);
      const result = await this.#connect(choice.backend);
      if (result.kind === 'connected') {
        if (this.#isListed(choice.backend)) return result.connection;
        // The dyno was told to stop in the meantime, and may close the connection without reading the request.
        result.connection.destroy();
      } else if (result.kind === 'timeout') {
        late += 1;
        if (late >= Math.min(CHECKOUT_LIMITS.attempts, this.#dynos))
          throw notTaken(request, { ...result, backend: choice.backend });
      }
    }
  }

  /** Decides what to do, without side effects. */
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
   * Waits until another choice may succeed.
   * @throws RouterError as rejection: the choice's code, H19, H20 or H21 after the last moment, or the reason for an
   * interruption
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

  /** Remarks only on long refusals: a server that restarts itself is back soon. */
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
   * Waits for the dynos to change, or until `at`. Requests continue in the order of their arrival.
   * @param isForBoot fails with H10 if all dynos have crashed, although a crashed dyno often restarts at once
   * @throws RouterError as rejection: H10, or the reason for an interruption
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

/** The error for a request that no dyno took. Its log line names the last dyno tried. */
function notTaken(request: ProxiedRequest, { kind, ms, backend }: BackendFailure): RouterError {
  request.unassign({ dyno: backend.dyno, connectMs: ms });
  return new RouterError(kind === 'refused' ? 'H21' : 'H19');
}
