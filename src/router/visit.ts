import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Backend, Passage, WakeCause } from './backends.js';
import type { ClientConnection } from './client/connection.js';
import { ReadAhead } from './client/read-ahead.js';
import { isRepeatable, type RequestFacts, readRequest } from './client/request.js';
import type { DynoConnection } from './dyno/connection.js';
import { RouterError } from './errors.js';

/** One request in the router: from its last header byte to its log line. */
export class Visit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly client: ClientConnection;
  readonly request: RequestFacts;
  /** What the client sends behind the head: a body, or the first bytes of another protocol. */
  readonly readAhead: ReadAhead | undefined;
  /** May be sent a second time. */
  readonly isRepeatable: boolean;

  /** How its app sees it, once that is known. */
  passage: Passage | undefined;

  /** Counts against the limit of requests in flight. */
  isInFlight = false;

  /** Waits until a dyno takes it, or takes it once more. */
  isWaiting = false;

  // What the log line says, as it becomes known.
  dyno = '';
  connectMs: number | undefined;
  serviceMs: number | undefined;
  waitMs = 0;
  status = 0;
  /** Of the body, sent to the client. */
  bytes = 0;
  error: RouterError | undefined;

  /** Where the dyno sends the client instead. */
  redirect: string | undefined;

  /** When the request went to the dyno, by the real clock. */
  #dispatchedAt: number | undefined;
  #answeredAt: number | undefined;
  #vacate = (): void => {};
  #interruption: RouterError | undefined;
  #onInterrupt: ((why: RouterError) => void) | undefined;
  #hasLeft = false;
  #onLeft = (): void => {};

  /**
   * @param arrivedAt wall-clock ms
   * @param detached what comes on the connection, if node:http has let go of it: the client asks for another protocol
   */
  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    client: ClientConnection,
    arrivedAt: number,
    detached?: ReadAhead,
  ) {
    this.req = req;
    this.res = res;
    this.client = client;
    this.request = readRequest(req, client, arrivedAt, detached !== undefined);
    this.isRepeatable = isRepeatable(this.request);
    this.readAhead = detached ?? (this.request.body === 'none' ? undefined : new ReadAhead(req));
  }

  /** The client has been sent the head of an answer: what fails now can only cut it off. */
  get isAnswered(): boolean {
    return this.status !== 0;
  }

  /** The client has sent all of the request. */
  get isReceived(): boolean {
    return this.request.body === 'none' || this.req.complete;
  }

  /** The router waits for a dyno. */
  get isHeld(): boolean {
    return this.isWaiting || this.dyno === '';
  }

  /** For a sleeping app, and the people who ask what woke it. */
  get wakeCause(): WakeCause {
    const { method, target, userAgent } = this.request;
    return { method, path: target, client: this.client.address, userAgent };
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

  /** It is on its way to a dyno, and to no other any more. */
  heading(backend: Backend): void {
    this.#vacate();
    this.#vacate = backend.occupy();
  }

  /** No dyno needs to wait for it any more. */
  vacate(): void {
    this.#vacate();
    this.#vacate = () => {};
  }

  /** It has been given to a dyno. */
  dispatched(connection: DynoConnection, now: number): void {
    this.dyno = connection.backend.dyno;
    this.connectMs = connection.connectMs;
    this.#dispatchedAt = now;
  }

  /** No dyno has it yet, or not any more. */
  undispatched(): void {
    this.vacate();
    this.dyno = '';
    this.connectMs = undefined;
    this.#dispatchedAt = undefined;
  }

  /** The client gets the head of a dyno's answer. */
  answered(status: number, now: number): void {
    this.status = status;
    this.#answeredAt = now;
  }

  /** When the client got the first byte of a dyno's answer, by the real clock. */
  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

  /** @param arrivedAt by the real clock, as `now` */
  ended(arrivedAt: number, now: number): void {
    this.serviceMs = this.#dispatchedAt === undefined ? undefined : now - this.#dispatchedAt;
    this.waitMs = now - arrivedAt - (this.serviceMs ?? 0);
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

  /** Whoever works on the request at the moment hears of its interruption. One listener at a time. */
  onInterrupt(listener: ((why: RouterError) => void) | undefined): void {
    this.#onInterrupt = listener;
    if (this.#interruption !== undefined) listener?.(this.#interruption);
  }
}
