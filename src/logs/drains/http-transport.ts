import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import type { Cancel, Clock } from '../../base/clock.js';
import type { Batch } from './batch.js';
import { reason, unreachableBy } from './connection-error.js';
import type { Delivery, Transport } from './transport.js';
import type { HttpTarget } from './url.js';

/** https://github.com/heroku/logplex: src/logplex_http_drain.erl, src/logplex.app.src */
const CONNECT_MS = 3000;
const REQUEST_MS = 5000;
const KEEP_OPEN_MS = 144_000;
const MAX_AGE_MS = 5 * 60 * 60_000;

export interface HttpTransportOptions {
  readonly target: HttpTarget;
  readonly token: string;
  /** Real time. */
  readonly clock: Clock;
}

/**
 * Posts batches over a single keep-alive connection.
 * https://github.com/heroku/logplex/blob/main/doc/README.http_drains.md
 */
export class HttpTransport implements Transport {
  readonly #options: HttpTransportOptions;
  readonly #agent: http.Agent;
  #request: ClientRequest | undefined;
  #connectedAt = 0;
  #isClosed = false;
  #cancelClosing: Cancel = () => {};

  constructor(options: HttpTransportOptions) {
    const { url, isVerified } = options.target;
    this.#options = options;
    const settings = { keepAlive: true, maxSockets: 1 };
    this.#agent = isTls(url)
      ? new https.Agent({ ...settings, rejectUnauthorized: isVerified })
      : new http.Agent(settings);
  }

  async send(batch: Batch): Promise<Delivery> {
    this.#cancelClosing();
    const outcome = await this.#post(batch);
    this.#request = undefined;
    const { clock } = this.#options;
    const isOld = clock.now() - this.#connectedAt >= MAX_AGE_MS;
    const isBroken = outcome.is === 'failed' || outcome.is === 'unreachable';
    if (isBroken || isOld || this.#isClosed) this.#agent.destroy();
    else this.#cancelClosing = clock.after(KEEP_OPEN_MS, () => this.#agent.destroy());
    return outcome;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelClosing();
    this.#request?.destroy();
    this.#agent.destroy();
  }

  /** Resolves when the response is complete, so that the connection is free. */
  #post(batch: Batch): Promise<Delivery> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const request = this.#open(batch);
      this.#request = request;
      let isConnected = false;
      let status: number | undefined;
      let failure: unknown;
      const giveUp = (what: string, ms: number): Cancel =>
        clock.after(ms, () => request.destroy(new Error(`no ${what} within ${ms / 1000} seconds`)));
      let cancel = giveUp('connection', CONNECT_MS);
      whenConnected(request, isTls(this.#options.target.url), () => {
        isConnected = true;
        if (!request.reusedSocket) this.#connectedAt = clock.now();
        cancel();
        cancel = giveUp('response', REQUEST_MS);
      });
      request.once('response', (response) => {
        status = response.statusCode;
        // Only the status matters.
        response.on('error', () => {}).resume();
      });
      request.on('error', (error) => {
        failure ??= error;
      });
      request.once('close', () => {
        cancel();
        if (status !== undefined) resolve(outcomeOf(status));
        else resolve(isConnected ? { is: 'failed', why: reason(failure) } : unreachableBy(failure));
      });
      request.end(batch.body);
    });
  }

  #open({ id, body, messages }: Batch): ClientRequest {
    const { target, token } = this.#options;
    const headers = {
      'Content-Type': 'application/logplex-1',
      'Content-Length': body.length,
      'Logplex-Msg-Count': messages,
      'Logplex-Frame-Id': id,
      'Logplex-Drain-Token': token,
      'User-Agent': 'Logplex/v49',
    };
    const { request } = isTls(target.url) ? https : http;
    return request(target.url, { method: 'POST', agent: this.#agent, headers });
  }
}

function isTls({ protocol }: URL): boolean {
  return protocol === 'https:';
}

function whenConnected(request: ClientRequest, isTls: boolean, then: () => void): void {
  request.once('socket', (socket) => {
    if (request.reusedSocket) then();
    else socket.once(isTls ? 'secureConnect' : 'connect', then);
  });
}

/** `handle_response_status` of https://github.com/heroku/logplex/blob/main/src/logplex_http_drain.erl */
function outcomeOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { is: 'delivered' };
  const isForGood = status >= 400 && status < 500 && status !== 429;
  return { is: isForGood ? 'refused' : 'failed', why: `it responded with status ${status}` };
}
