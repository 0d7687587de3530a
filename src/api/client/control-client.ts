import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Clock, systemClock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { http } from '../../base/http.js';
import { type InstanceSecrets, instanceSecrets } from '../instance-secrets.js';
import { ApiError } from '../server/errors.js';

/** How long to wait for a response, and for events to begin; usually that takes milliseconds. Real time. */
const PATIENCE_MS = 10_000;

export interface ClientRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/apps/my-app/dynos`, or a full URL of the same API. */
  readonly path: string;
  readonly body?: unknown;
  /** Waits for the response without a time limit, for example while dynos start. */
  readonly isSlow?: boolean;
}

export interface ServerSentEvent {
  /** `message` for an event without a name. */
  readonly event: string;
  readonly data: string;
}

/** Where one running dynosim is reached. */
export interface ApiAddress {
  /** The URL of its API. */
  readonly api: string;
  /** Unique per start: identifies the process even if another one gets its pid and port. */
  readonly instance: string;
}

/** dynosim did not respond in time. */
export class NoAnswer extends Error {}

/** Talks to the control API of a running dynosim. */
export class ControlClient {
  readonly #url: string;
  readonly #secrets: InstanceSecrets;
  readonly #clock: Clock;

  /**
   * @param token the user's, which is never sent
   * @param clock real time
   */
  constructor({ api, instance }: ApiAddress, token: string, clock: Clock = systemClock) {
    this.#url = api;
    this.#secrets = instanceSecrets(token, instance);
    this.#clock = clock;
  }

  /**
   * Whether that dynosim answers, and no other program.
   * @throws as `send`
   */
  async isGenuine(): Promise<boolean> {
    const { proof } = await this.send<{ readonly proof?: unknown }>({
      method: 'GET',
      path: '/dynosim/proof',
    });
    return proof === this.#secrets.proof;
  }

  /**
   * Sends a request and returns the body of the response. Its type is not checked: both sides are the same version.
   * @throws UserError, ApiError if the API refuses the request
   * @throws NoAnswer if dynosim is busy
   * @throws the system's error if dynosim is not running: `ECONNREFUSED`
   */
  async send<T = unknown>(asked: ClientRequest): Promise<T> {
    const read = async (signal?: AbortSignal): Promise<T> => {
      const response = await this.#open(asked, signal);
      const body: unknown = JSON.parse(await text(response));
      if ((response.statusCode ?? 0) >= 400) throw readError(response, body);
      return body as T;
    };
    return asked.isSlow ? read() : this.#inTime(read);
  }

  /**
   * Yields server-sent events until the other side or the signal ends them.
   * @throws as `send`
   */
  async *events(path: string, signal?: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const response = await this.#inTime((late) => this.#open({ method: 'GET', path }, late));
    if (response.statusCode !== 200) throw readError(response, JSON.parse(await text(response)));
    signal?.addEventListener('abort', () => response.destroy(), { once: true });
    if (signal?.aborted) response.destroy();
    let event = 'message';
    try {
      for await (const line of linesOf(response)) {
        if (line === '') event = 'message';
        if (line.startsWith('event: ')) event = line.slice('event: '.length);
        if (line.startsWith('data: ')) yield { event, data: line.slice('data: '.length) };
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      response.destroy();
    }
  }

  /**
   * Opens an upgraded connection.
   * @throws UserError, ApiError if the API refuses the request
   */
  upgrade(
    path: string,
    protocol: string,
  ): Promise<Pick<IncomingMessage, 'headers'> & { readonly socket: Duplex }> {
    return new Promise((resolve, reject) => {
      const headers = {
        Authorization: `Bearer ${this.#secrets.token}`,
        Connection: 'Upgrade',
        Upgrade: protocol,
      };
      const asking = http().request(new URL(path, this.#url), { agent: false, headers });
      asking.once('error', reject);
      asking.once('response', async (response) => {
        reject(readError(response, JSON.parse((await text(response)) || '{}')));
      });
      asking.once('upgrade', ({ headers }, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve({ headers, socket });
      });
      asking.end();
    });
  }

  /** @throws NoAnswer */
  async #inTime<T>(work: (late: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = this.#clock.after(PATIENCE_MS, () => late.abort());
    try {
      return await work(late.signal);
    } catch (error) {
      throw late.signal.aborted ? new NoAnswer('dynosim does not answer') : error;
    } finally {
      cancel();
    }
  }

  #open({ method, path, body }: ClientRequest, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asking = http().request(
        new URL(path, this.#url),
        {
          method,
          agent: false,
          ...(signal && { signal }),
          headers: {
            Accept: 'application/vnd.heroku+json; version=3',
            Authorization: `Bearer ${this.#secrets.token}`,
            'Content-Type': 'application/json',
          },
        },
        resolve,
      );
      asking.once('error', reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const text of response.setEncoding('utf8')) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Recreates the UserError that the other side threw, or makes an ApiError. */
function readError({ statusCode = 500 }: IncomingMessage, body: unknown): UserError | ApiError {
  const { id, message, hint, dynosim } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { code } = (dynosim ?? {}) as Readonly<Record<string, unknown>>;
  const remedy = typeof hint === 'string' ? hint : undefined;
  if (typeof code === 'string') return new UserError(code, String(message), remedy);
  return new ApiError(statusCode, String(id), String(message), { hint: remedy });
}
