import type { AddonOperationName, AddonRequestOf, AddonResultOf } from '../../api/addon-operations.js';
import type { ClockView, HostView } from '../../api/control.js';
import { OPERATIONS, type OperationName, type RequestOf, type ResultOf } from '../../api/operations.js';
import type { AppView } from '../../apps/views.js';
import { createEventParser, type StreamEvent } from './sse.js';

/** dynosim refused a request, or cannot be reached. The message is for the user. */
export class CallError extends Error {
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Calls the control API with the token of a session. All methods throw `CallError`. */
export class Api {
  readonly #token: string | undefined;

  constructor(token?: string) {
    this.#token = token;
  }

  /** Exchanges a one-time code for the token of a session. */
  async redeem(code: string): Promise<string> {
    const { token } = await this.#send<{ token: string }>('POST', '/dashboard/session', { code });
    return token;
  }

  /** Performs an operation on an app. */
  call<Name extends OperationName>(
    app: string,
    name: Name,
    ...[request]: RequestOf<Name> extends undefined ? [] : [RequestOf<Name>]
  ): Promise<ResultOf<Name>> {
    const { method, path } = OPERATIONS[name];
    return this.#send(method, `/dynosim/apps/${encodeURIComponent(app)}${path}`, request);
  }

  /** Performs an operation on add-ons. */
  addons<Name extends AddonOperationName>(
    name: Name,
    ...[request]: AddonRequestOf<Name> extends undefined ? [] : [AddonRequestOf<Name>]
  ): Promise<AddonResultOf<Name>> {
    return this.#send('POST', `/dynosim/addons/${name}`, request);
  }

  host(): Promise<HostView> {
    return this.#send('GET', '/dynosim/host');
  }

  apps(): Promise<readonly AppView[]> {
    return this.#send('GET', '/dynosim/apps');
  }

  advanceClock(ms: number): Promise<ClockView> {
    return this.#send('POST', '/dynosim/clock/advance', { ms });
  }

  /** Yields the events of a stream as they come, in batches, until the signal is aborted or dynosim ends it. */
  async *events(path: string, signal: AbortSignal): AsyncGenerator<readonly StreamEvent[]> {
    const { body } = await this.#fetch(path, { signal });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) return;
    const parse = createEventParser();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const events = parse(value);
        if (events.length > 0) yield events;
      }
    } finally {
      // Ends the connection if the caller stops reading.
      void reader.cancel().catch(() => {});
    }
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await this.#fetch(path, { method, ...content });
    return response.json();
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(path, {
      ...init,
      cache: 'no-store',
      headers: {
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
      },
    }).catch((error: unknown) => {
      throw new CallError(0, `dynosim does not answer (${error instanceof Error ? error.message : error})`);
    });
    if (!response.ok) throw new CallError(response.status, await messageOf(response));
    return response;
  }
}

/** What the API says about a refusal: its message, and how to mend it. */
async function messageOf(response: Response): Promise<string> {
  try {
    const { message, hint } = await response.json();
    return [message, hint].filter((part) => typeof part === 'string').join(' ');
  } catch {
    return `dynosim answered ${response.status}`;
  }
}
