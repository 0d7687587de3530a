import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Backend, BackendBoot, RequestLease, WakeCause } from './backends.js';
import type { ClientConnection } from './client/connection.js';
import { ReadAhead } from './client/read-ahead.js';
import { isRepeatable, type RequestFacts, readRequest } from './client/request.js';
import type { DynoConnection } from './dyno/connection.js';
import { isClientGone, RouterError } from './errors.js';
import type { RouterLine } from './log-line.js';

/** An attempt to give a request to a dyno. */
interface DynoAttempt {
  readonly dyno: string;
  readonly connectMs: number;
  readonly boot?: BackendBoot | undefined;
  /** When the dyno got the request; undefined if it did not. */
  readonly since?: number;
}

interface Sent extends DynoAttempt {
  readonly since: number;
}

interface Answered extends Sent {
  /** As sent to the client. */
  readonly status: number;
  /** When the client was sent the first byte. */
  readonly answeredAt: number;
}

/** The progress of a request. All times are from the real clock. */
export type RequestState =
  /** For a dyno. `last`: the attempt that failed, or got no response. */
  | { readonly at: 'waiting'; readonly last?: DynoAttempt }
  | ({ readonly at: 'sent' } & Sent)
  | ({ readonly at: 'answered' } & Answered)
  /** Upgraded, for example to a WebSocket. */
  | ({ readonly at: 'tunnel' } & Answered)
  | { readonly at: 'over' };

/** One request in the router, from its last header byte to its log line. */
export class ProxiedRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly client: ClientConnection;
  readonly facts: RequestFacts;
  /** What the client sends after the head: a body, or another protocol. */
  readonly readAhead: ReadAhead | undefined;
  readonly isRepeatable: boolean;
  /** It has been sent to the same dyno again. */
  isRepeated = false;
  /** It has waited for a dyno. */
  isHeld = false;
  /** Body bytes sent to the client. */
  bytes = 0;
  /** The location to which the app redirects the client. */
  redirect: string | undefined;
  #state: RequestState = { at: 'waiting' };
  #lease: RequestLease | undefined;
  #error: RouterError | undefined;
  #arrivedAt = 0;
  #interruption: RouterError | undefined;
  #onInterrupt: ((why: RouterError) => void) | undefined;
  #hasLeft = false;
  #onLeft = (): void => {};

  /**
   * @param wall wall-clock ms
   * @param detached reads the connection if node:http has detached it, because the client asks for another protocol
   */
  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    client: ClientConnection,
    wall: number,
    detached?: ReadAhead,
  ) {
    this.req = req;
    this.res = res;
    this.client = client;
    this.facts = readRequest(req, client, wall, detached !== undefined);
    this.isRepeatable = isRepeatable(this.facts);
    this.readAhead = detached ?? (this.facts.body === 'none' ? undefined : new ReadAhead(req));
  }

  get state(): RequestState {
    return this.#state;
  }

  /** The client has the head of a response: a failure can only cut the rest. */
  get isAnswered(): boolean {
    return this.#state.at === 'answered' || this.#state.at === 'tunnel';
  }

  /** Whether the client has sent the whole request. */
  get isReceived(): boolean {
    return this.facts.body === 'none' || this.req.complete;
  }

  /** The requested host in lower case, without the port. */
  get hostname(): string {
    return this.facts.host.replace(/:\d*$/, '').toLowerCase();
  }

  // The stages of a request, in order.

  begin(now: number): void {
    this.#arrivedAt = now;
    this.client.enter(this);
  }

  /** @param lease undefined if the request's app does not exist */
  enter(lease: RequestLease | undefined): void {
    this.#lease = lease;
  }

  /** Wakes the app. */
  wake(): void {
    const { method, target, userAgent } = this.facts;
    const cause: WakeCause = { method, path: target, client: this.client.address, userAgent };
    this.#lease?.wake(cause);
  }

  /** The request is on its way to this dyno, and to no other. */
  assign(backend: Backend): void {
    this.#lease?.assign(backend);
  }

  /** Whether a debugger may have stopped the dyno that has the request, or those that it waits for. */
  get isDebugged(): boolean {
    const state = this.#state;
    return this.#lease?.isDebugged('since' in state ? state.dyno : undefined) ?? false;
  }

  /** The request is no longer on its way to a dyno. */
  unassign(last?: DynoAttempt): void {
    this.#lease?.unassign();
    this.#state = last === undefined ? { at: 'waiting' } : { at: 'waiting', last };
  }

  /** The dyno closed the connection without a response; the request will be sent to it again. */
  repeat(): void {
    this.isRepeated = true;
    const state = this.#state;
    if (state.at === 'sent') this.#state = { at: 'waiting', last: state };
  }

  sent({ backend, connectMs }: DynoConnection, now: number): void {
    this.#lease?.sent();
    // Only a request that waited asks how the dyno came up.
    const boot = this.isHeld ? backend.boot : undefined;
    this.#state = { at: 'sent', dyno: backend.dyno, connectMs, boot, since: now };
  }

  /** The client is sent the head of the response. */
  answered(status: number, now: number): void {
    const state = this.#state;
    if (state.at !== 'sent') return;
    const { dyno, connectMs, boot, since } = state;
    this.#state = { at: 'answered', dyno, connectMs, boot, since, status, answeredAt: now };
  }

  /** The dyno has answered with 101. */
  upgraded(now: number): void {
    const state = this.#state;
    if (state.at === 'sent') this.#state = { ...state, at: 'tunnel', status: 101, answeredAt: now };
    this.#lease?.upgraded();
  }

  failed(error: RouterError): void {
    this.#error = error;
  }

  /** The facts for the log, at the end of the request. */
  line(now: number): RouterLine {
    const { facts, client, bytes, isHeld } = this;
    const state = this.#state;
    const last = state.at === 'waiting' ? state.last : state.at === 'over' ? undefined : state;
    const serviceMs = last?.since === undefined ? undefined : now - last.since;
    return {
      request: facts,
      client,
      dyno: last?.dyno ?? '',
      connectMs: last?.connectMs,
      serviceMs,
      waitMs: now - this.#arrivedAt - (serviceMs ?? 0),
      isHeld,
      moments: {
        arrivedAt: this.#arrivedAt,
        sentAt: last?.since,
        answeredAt: 'answeredAt' in state ? state.answeredAt : undefined,
        endedAt: now,
        connectMs: last?.connectMs,
        boot: last?.boot,
      },
      status: this.#status,
      bytes,
      error: this.#error,
    };
  }

  /** An error does not replace a status that the client has received, as in Router 2.0. */
  get #status(): number {
    const state = this.#state;
    const isSent = state.at === 'answered' || state.at === 'tunnel';
    if (this.#error !== undefined && (!isSent || isClientGone(this.#error))) return this.#error.status;
    return isSent ? state.status : 0;
  }

  /** Ends the request; called once. The client's next request may begin before this returns. */
  release(): void {
    const state = this.#state;
    this.#lease?.release('answeredAt' in state ? state.answeredAt - this.#arrivedAt : undefined);
    this.#state = { at: 'over' };
    this.client.leave(this);
  }

  /** Interrupts the request: the client has left, or the router is stopping. The first reason wins. */
  interrupt(why: RouterError): void {
    if (this.#interruption !== undefined) return;
    this.#interruption = why;
    this.#onInterrupt?.(why);
  }

  get interruption(): RouterError | undefined {
    return this.#interruption;
  }

  /** The client has closed its connection. */
  left(): void {
    this.#hasLeft = true;
    this.interrupt(new RouterError('H27'));
    this.#onLeft();
  }

  /** Calls the listener when the client leaves, or at once if it has left. */
  onLeft(listener: () => void): void {
    this.#onLeft = listener;
    if (this.#hasLeft) listener();
  }

  /** Sets the only listener, called when the request is interrupted, or at once if it has been. */
  onInterrupt(listener: ((why: RouterError) => void) | undefined): void {
    this.#onInterrupt = listener;
    if (this.#interruption !== undefined) listener?.(this.#interruption);
  }
}
