import type { Cancel, Clock } from '../base/clock.js';
import { randomId } from '../base/ids.js';
import type { LogRecord } from './log-record.js';

/** How long `answered` waits for answers that still arrive. A stream may never end. */
const PATIENCE_MS = 2000;

/**
 * Sends requests, and knows when the router is done with them. `fetch` resolves with the head of a response, while its
 * request still counts as one that keeps the app awake.
 */
export class Fetcher {
  readonly #base: string;
  readonly #log: LogRecord;
  readonly #clock: Clock;
  readonly #open = new Set<Promise<unknown>>();

  constructor(base: string, log: LogRecord, clock: Clock) {
    this.#base = base;
    this.#log = log;
    this.#clock = clock;
  }

  /** As the global `fetch`. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    // The router keeps this header, and logs it: https://devcenter.heroku.com/articles/http-request-id
    const id = headers.get('x-request-id') ?? randomId();
    headers.set('x-request-id', id);
    const ended = this.#end(id);
    try {
      const response = await fetch(new URL(path, this.#base), { ...init, headers });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
      if (isStream) ended.forget();
      else this.#follow(response.clone(), ended);
      return response;
    } catch (error) {
      ended.forget();
      throw error;
    }
  }

  /** Resolves when all answers have arrived that do so soon. */
  async answered(): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const giveUp = this.#clock.after(PATIENCE_MS, resolve);
      void Promise.all(this.#open).then(() => {
        giveUp();
        resolve();
      });
    });
  }

  #follow(copy: Response, ended: RequestEnd): void {
    const over = copy.arrayBuffer().then(
      () => ended.reached,
      () => ended.forget(),
    );
    this.#open.add(over);
    void over.finally(() => this.#open.delete(over));
  }

  /** The router logs a request at its end. */
  #end(id: string): RequestEnd {
    let forget: Cancel = () => {};
    const reached = new Promise<void>((resolve) => {
      forget = this.#log.onNext(
        ({ dyno, line }) => dyno === 'router' && line.includes(`request_id=${id} `),
        () => resolve(),
      );
    });
    return { reached, forget };
  }
}

/** The end of a request. */
interface RequestEnd {
  readonly reached: Promise<void>;
  /** Stops waiting for it. */
  readonly forget: Cancel;
}
