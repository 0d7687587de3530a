import type { AddonOperationName, AddonRequestOf, AddonResultOf } from '../../api/addon-operations.js';
import type { ClockView, HostView } from '../../api/control.js';
import type { SessionGrant, SessionProof } from '../../api/dashboard/wire.js';
import type { RequestOf, ResultOf } from '../../api/operations.js';
import { USED, type UsedOperation } from './operations.js';
import { isProof, makeNonce } from './proof.js';
import { createEventParser, type StreamEvent } from './sse.js';
import { within } from './time.js';

/** dynosim refused a request, or cannot be reached. The message is for the user. */
export class CallError extends Error {
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const NO_ANSWER = 'dynosim does not answer.';

const SESSION = '/dashboard/session';

/** A stream sends a comment once a minute: one that does not is that of a dynosim that has been stopped (Ctrl-Z). */
const SILENT_MS = 150_000;

/**
 * Exchanges a one-time code for the token of a session.
 * @throws CallError
 */
export async function redeem(code: string): Promise<string> {
  const response = await open(SESSION, { method: 'POST', body: JSON.stringify({ code }) });
  const { token }: SessionGrant = await response.json();
  return token;
}

/** What an operation takes besides the app. */
export type RequestArguments<Name extends UsedOperation> =
  RequestOf<Name> extends undefined ? [] : [request: RequestOf<Name>];

/** Calls the control API with the token of a session. All methods throw `CallError`. */
export class Api {
  readonly #token: string;
  /** Whether the program at the other end is the dynosim that began the session. */
  #isTrusted = true;

  constructor(token: string) {
    this.#token = token;
  }

  /** Called after the connection was lost: another program may take the port. */
  distrust(): void {
    this.#isTrusted = false;
  }

  /** Performs an operation on an app. */
  call<Name extends UsedOperation>(
    app: string,
    name: Name,
    ...[request]: RequestArguments<Name>
  ): Promise<ResultOf<Name>> {
    const [method, path] = USED[name];
    return this.#send(method, `${pathOf(app)}${path}`, request);
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

  advanceClock(ms: number): Promise<ClockView> {
    return this.#send('POST', '/dynosim/clock/advance', { ms });
  }

  /** Ends the session. */
  async logOut(): Promise<void> {
    await this.#send('DELETE', SESSION);
  }

  /** Yields the events of a stream as they come, in batches, until the signal is aborted or dynosim ends it. */
  async *events(path: string, signal: AbortSignal): AsyncGenerator<readonly StreamEvent[]> {
    const { body } = await this.#fetch(path, { signal });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) return;
    const parse = createEventParser();
    try {
      for (;;) {
        const { done, value } = await within(SILENT_MS, reader.read()).catch(noAnswer);
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
    if (!this.#isTrusted) await this.#verify();
    this.#isTrusted = true;
    return open(path, init, { Authorization: `Bearer ${this.#token}` });
  }

  /** The token goes to nobody else. */
  async #verify(): Promise<void> {
    const nonce = makeNonce();
    const [id = ''] = this.#token.split('.', 1);
    const response = await open(`${SESSION}/${id}/proof?nonce=${nonce}`, {}).catch((error: unknown) => {
      throw error instanceof CallError && error.status === 404
        ? new CallError(401, 'This session is over.')
        : error;
    });
    const { proof }: SessionProof = await response.json();
    if (!(await isProof(proof, this.#token, location.host, nonce)))
      throw new CallError(401, 'Another program answers at this address.');
  }
}

/** The path of an app in dynosim's own API. */
export function pathOf(app: string): string {
  return `/dynosim/apps/${encodeURIComponent(app)}`;
}

async function open(path: string, init: RequestInit, headers?: Record<string, string>): Promise<Response> {
  const response = await fetch(path, {
    ...init,
    cache: 'no-store',
    headers: {
      'Content-Type': 'application/json',
      ...headers,
    },
  }).catch(noAnswer);
  if (!response.ok) throw new CallError(response.status, await refusalOf(response));
  return response;
}

/** What the API says about a refusal: its message, and how to mend it. */
async function refusalOf(response: Response): Promise<string> {
  try {
    const { message, hint } = await response.json();
    return [message, hint].filter((part) => typeof part === 'string').join(' ');
  } catch {
    return `dynosim answered ${response.status}`;
  }
}

/** @throws CallError without what the browser says about it, which says nothing to users */
function noAnswer(): never {
  throw new CallError(0, NO_ANSWER);
}
