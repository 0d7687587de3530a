import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Backend, RequestLease, WakeCause } from './backends.js';
import type { ClientConnection } from './client/connection.js';
import { ReadAhead } from './client/read-ahead.js';
import { isRepeatable, type RequestFacts, readRequest } from './client/request.js';
import type { DynoConnection } from './dyno/connection.js';
import { isClientGone, RouterError } from './errors.js';
import type { RouterLine } from './log-line.js';

/** A try to give a request to a dyno. */
interface Attempt {
  readonly dyno: string;
  /** How long the TCP connect took, ms. */
  readonly connectMs: number;
  /** When the dyno got the request, if it did. */
  readonly since?: number;
}

interface Sent extends Attempt {
  readonly since: number;
}

interface Answered extends Sent {
  /** As the client was told. */
  readonly status: number;
  /** When the client got the first byte. */
  readonly answeredAt: number;
}

/** How far a request has come. All times are by the real clock. */
export type RequestState =
  /** For a dyno. `last`: the dyno that did not take it, or closed the connection without an answer. */
  | { readonly at: 'waiting'; readonly last?: Attempt }
  | ({ readonly at: 'sent' } & Sent)
  | ({ readonly at: 'answered' } & Answered)
  /** It has become a websocket or the like. */
  | ({ readonly at: 'tunnel' } & Answered)
  | { readonly at: 'over' };

/** One request in the router: from its last header byte to its log line. */
export class ProxiedRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly client: ClientConnection;
  readonly facts: RequestFacts;
  /** What the client sends behind the head: a body, or the first bytes of another protocol. */
  readonly readAhead: ReadAhead | undefined;
  /** May be sent a second time. */
  readonly isRepeatable: boolean;
  /** Bytes of the body that were sent to the client. */
  bytes = 0;
  /** Where the dyno sends the client instead. */
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
   * @param detached what comes on the connection, if node:http has detached it: the client asks for another protocol
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

  /** The client has been sent the head of a dyno's answer: what fails now can only cut it off. */
  get isAnswered(): boolean {
    return this.#state.at === 'answered' || this.#state.at === 'tunnel';
  }

  /** The client has sent all of the request. */
  get isReceived(): boolean {
    return this.facts.body === 'none' || this.req.complete;
  }

  /** The name of the app's host: lower case, no port. */
  get hostname(): string {
    return this.facts.host.replace(/:\d*$/, '').toLowerCase();
  }

  // Its way, in this order.

  /**
   * Begins.
   * @param lease undefined: it is for no app that is here
   */
  begin(now: number, lease: RequestLease | undefined): void {
    this.#arrivedAt = now;
    this.#lease = lease;
    this.client.enter(this);
  }

  /** The app sleeps. */
  wake(): void {
    const { method, target, userAgent } = this.facts;
    const cause: WakeCause = { method, path: target, client: this.client.address, userAgent };
    this.#lease?.wake(cause);
  }

  /** It is on its way to a dyno, and to no other any more. */
  assign(backend: Backend): void {
    this.#lease?.assign(backend);
  }

  /** No dyno has it yet, or not any more. */
  unassign(last?: Attempt): void {
    this.#lease?.unassign();
    this.#state = last === undefined ? { at: 'waiting' } : { at: 'waiting', last };
  }

  /** The dyno that has it has not answered, and may get it once more. */
  repeat(): void {
    const state = this.#state;
    if (state.at === 'sent') this.#state = { at: 'waiting', last: state };
  }

  sent({ backend, connectMs }: DynoConnection, now: number): void {
    this.#state = { at: 'sent', dyno: backend.dyno, connectMs, since: now };
  }

  /** The client gets the head of the dyno's answer. */
  answered(status: number, now: number): void {
    const state = this.#state;
    if (state.at !== 'sent') return;
    const { dyno, connectMs, since } = state;
    this.#state = { at: 'answered', dyno, connectMs, since, status, answeredAt: now };
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

  /** What the log says of it, at its end. */
  line(now: number): RouterLine {
    const { facts, client, bytes } = this;
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
      status: this.#status,
      bytes,
      error: this.#error,
    };
  }

  /** It keeps what the client has been sent: Router 2.0 does so. */
  get #status(): number {
    const state = this.#state;
    const isSent = state.at === 'answered' || state.at === 'tunnel';
    if (this.#error !== undefined && (!isSent || isClientGone(this.#error))) return this.#error.status;
    return isSent ? state.status : 0;
  }

  /** It is over. To be called once; the client's next request may begin with this. */
  release(): void {
    const state = this.#state;
    this.#lease?.release('answeredAt' in state ? state.answeredAt - this.#arrivedAt : undefined);
    this.#state = { at: 'over' };
    this.client.leave(this);
  }

  /** Ends this request from outside: the client has left, or the router is stopping. The first cause wins. */
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

  /** Calls the listener when the client has left, which may be now. */
  onLeft(listener: () => void): void {
    this.#onLeft = listener;
    if (this.#hasLeft) listener();
  }

  /** Calls the listener when the request is interrupted, which may be now. There is one listener at a time. */
  onInterrupt(listener: ((why: RouterError) => void) | undefined): void {
    this.#onInterrupt = listener;
    if (this.#interruption !== undefined) listener?.(this.#interruption);
  }
}
