import type { Time } from '../../base/clock.js';
import { crypto } from '../../base/crypto.js';
import { UserError } from '../../base/errors.js';
import { LOG_DRAIN_LIMITS } from '../../base/limits.js';
import type { LogBus } from '../bus.js';
import type { Drain } from './drain.js';

/** A drain as users see it. */
export interface LogDrain {
  readonly id: string;
  /** `d.<uuid>`, which identifies the drain to its receiver. */
  readonly token: string;
  /** As given by the user. */
  readonly url: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
}

/** The drains of one app. Their code is loaded for the first drain: most apps have none. */
export class Drains {
  readonly #logs: LogBus;
  readonly #time: Pick<Time, 'real' | 'wall'>;
  readonly #open = new Map<LogDrain, Drain>();
  #isClosed = false;

  constructor(logs: LogBus, time: Pick<Time, 'real' | 'wall'>) {
    this.#logs = logs;
    this.#time = time;
  }

  /** Oldest first. */
  list(): readonly LogDrain[] {
    return [...this.#open.keys()];
  }

  /** @param wanted id, token or URL */
  find(wanted: string): LogDrain | undefined {
    return this.list().find(({ id, token, url }) => [id, token, url].includes(wanted));
  }

  /**
   * Begins to forward the app's log to a URL.
   * @throws UserError `INVALID_DRAIN_URL`, `DRAIN_EXISTS`, `TOO_MANY_DRAINS`
   */
  async add(url: string): Promise<LogDrain> {
    const { openDrain } = await import('./open.js');
    // The wording of Heroku's API and of https://github.com/heroku/logplex/blob/main/src/logplex_api.erl
    if (this.#isClosed) throw new UserError('STOPPING', 'dynosim is stopping');
    if (this.find(url)) throw new UserError('DRAIN_EXISTS', 'Url has already been taken');
    if (this.#open.size >= LOG_DRAIN_LIMITS.perApp) throw tooMany();
    const createdAt = Math.floor(this.#time.wall());
    const drain = { id: crypto().randomUUID(), token: `d.${crypto().randomUUID()}`, url, createdAt };
    this.#open.set(drain, openDrain({ ...drain, logs: this.#logs, time: this.#time }));
    return drain;
  }

  /** Reopens a drain that was added before the start of dynosim. */
  async reopen(drain: LogDrain): Promise<void> {
    const { openDrain } = await import('./open.js');
    if (!this.#isClosed) this.#open.set(drain, openDrain({ ...drain, logs: this.#logs, time: this.#time }));
  }

  /** Resolves when the drain has sent its messages, or after a time limit. */
  async remove(drain: LogDrain): Promise<void> {
    const open = this.#open.get(drain);
    this.#open.delete(drain);
    await open?.close();
  }

  /** Removes all drains; none can be added afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.list().map((drain) => this.remove(drain)));
  }
}

function tooMany(): UserError {
  return new UserError(
    'TOO_MANY_DRAINS',
    'You have already added the maximum number of drains allowed',
    `An app may have ${LOG_DRAIN_LIMITS.perApp}; remove one that is not needed.`,
  );
}
