import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.js';
import type { RealTimeouts } from '../base/limits.js';
import { headFor } from './client/request.js';
import { headForClient, informationForClient } from './client/response.js';
import { Upload } from './client/upload.js';
import type { Deadlines } from './deadlines.js';
import type { ConnectionFailure, DynoConnection, ResponseListener } from './dyno/connection.js';
import type { ResponseHead } from './dyno/response-parser.js';
import { RouterError, type RouterErrorCode } from './errors.js';
import type { ProxiedRequest } from './proxied-request.js';
import { Silence } from './silence.js';

export type ForwardResult =
  | { readonly kind: 'done' }
  /** The dyno closed the connection without sending a byte, and the request may be sent again. */
  | { readonly kind: 'unanswered' }
  | {
      readonly kind: 'upgraded';
      readonly head: ResponseHead;
      readonly socket: Socket;
      readonly rest: Buffer;
    };

export interface ForwardOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly timeouts: RealTimeouts;
  readonly dynoKeepAlive: boolean;
  /** True while the router is stopping: clients must close their connections. */
  readonly isClosing: () => boolean;
}

/**
 * Streams one request to a dyno and its response to the client.
 * @throws RouterError as rejection: H12, H13, H15, H17, H18, H25, H27, H28
 */
export function forward(
  request: ProxiedRequest,
  connection: DynoConnection,
  options: ForwardOptions,
): Promise<ForwardResult> {
  return new Promise((resolve, reject) => {
    new Exchange(request, connection, options, resolve, reject).start();
  });
}

const DONE: ForwardResult = { kind: 'done' };

/** Up to this size, converting a body to a string costs less than a separate write. */
const SMALL_BODY_BYTES = 8192;

class Exchange implements ResponseListener {
  readonly #request: ProxiedRequest;
  readonly #connection: DynoConnection;
  readonly #options: ForwardOptions;
  readonly #resolve: (outcome: ForwardResult) => void;
  readonly #reject: (error: Error) => void;
  /** Runs while the router waits for the dyno, or for a client that does not read. */
  readonly #silence: Silence;
  readonly #upload: Upload | undefined;
  #hasBytes = false;
  #isHeadUnsent = false;
  #isHeldBack = false;
  #hasResponse = false;
  #isOver = false;

  constructor(
    request: ProxiedRequest,
    connection: DynoConnection,
    options: ForwardOptions,
    resolve: (outcome: ForwardResult) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#connection = connection;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#silence = new Silence(request, options.deadlines, () =>
      this.#fail(new RouterError(this.#silenceCode())),
    );
    if (request.facts.body === 'none' || request.readAhead === undefined) return;
    this.#upload = new Upload(request, request.readAhead, connection, options, {
      onSent: () => this.#onRequestSent(),
      onSilence: () => this.#fail(new RouterError(this.#uploadSilenceCode())),
    });
  }

  start(): void {
    const { facts, res } = this.#request;
    this.#request.onInterrupt((why) => this.#fail(why));
    if (this.#isOver) return;
    this.#request.sent(this.#connection, this.#options.clock.now());
    const connection = facts.isUpgrade ? 'Upgrade' : this.#options.dynoKeepAlive ? 'keep-alive' : 'close';
    this.#connection.send(headFor(facts, connection), facts.method === 'HEAD', this);
    // Even without a body: node:http would close the connection of a client that never gets its 100 Continue.
    if (facts.expectsContinue) res.writeContinue();
    if (this.#upload === undefined) return this.#onRequestSent();
    this.#upload.start();
  }

  /** The request timeout starts here: https://devcenter.heroku.com/articles/request-timeout */
  #onRequestSent(): void {
    if (!this.#hasBytes) this.#silence.start(this.#options.timeouts.request);
  }

  // Events from the dyno.

  onBytes(): void {
    this.#hasBytes = true;
    if (!this.#isHeldBack) this.#silence.start(this.#options.timeouts.idleWindow);
  }

  onInformation(head: ResponseHead): void {
    const { facts, res } = this.#request;
    // The router has sent 100 Continue itself, and an HTTP/1.0 client does not understand 1xx.
    if (head.status !== 100 && facts.httpMinor === 1) res.socket?.write(informationForClient(head), 'latin1');
  }

  onHead(head: ResponseHead): void {
    const request = this.#request;
    const { res } = request;
    const answer = headForClient(head, request.facts);
    if (!answer.isSound) return this.#fail(new RouterError('H17', 'chunked is not the last transfer coding'));
    this.#connection.announcedMs = answer.dynoKeepAliveMs;
    if (head.status >= 300 && head.status < 400) request.redirect = answer.location;
    // node:http tells the client in the Connection header.
    res.shouldKeepAlive &&= answer.isFramed && request.isReceived && !this.#options.isClosing();
    request.answered(head.status, this.#options.clock.now());
    res.sendDate = false;
    res.writeHead(head.status, head.reason, answer.headers);
    if (!res.shouldKeepAlive) request.client.lastAnswer();
    this.#isHeadUnsent = true;
  }

  onBody(view: Buffer): void {
    const { res } = this.#request;
    this.#request.bytes += view.length;
    this.#isHeadUnsent = false;
    // node:http sends a small string in one write with the head.
    const isSmall = view.length <= SMALL_BODY_BYTES;
    const goesOn = isSmall ? res.write(view.toString('latin1'), 'latin1') : res.write(Buffer.from(view));
    if (!goesOn && !this.#isHeldBack) this.#holdBack();
  }

  onParsed(): void {
    // For example, an event stream without events yet. (`flushHeaders` would recode non-ASCII bytes.)
    if (this.#isHeadUnsent) this.#request.res.write('', 'latin1');
    this.#isHeadUnsent = false;
  }

  onEnd(trailers: readonly string[]): void {
    const { res } = this.#request;
    this.#isHeadUnsent = false;
    this.#hasResponse = true;
    if (trailers.length > 0) res.addTrailers(inPairs(trailers));
    // The upload is not complete: the dyno would take the next request for the rest of the body.
    if (this.#upload?.isDone === false) this.#connection.destroy();
    else this.#connection.release();
    this.#upload?.stop();
    // With nothing left to flush, node:http does not add an empty chunk, which would split one write into two.
    if (!res.chunkedEncoding) res.socket?.uncork();
    res.end();
    // Usually the system has accepted everything by now.
    if (res.socket?.writable && res.socket.writableLength === 0) this.#finish(DONE);
    else res.once('finish', () => this.#finish(DONE));
  }

  onUpgrade(head: ResponseHead, socket: Socket, rest: Buffer): void {
    if (this.#request.facts.isUpgrade) return this.#finish({ kind: 'upgraded', head, socket, rest });
    socket.destroy();
    this.#fail(new RouterError('H17', '101 without an upgrade in the request'));
  }

  onDrain(): void {
    this.#upload?.onDrain();
  }

  onFailure(failure: ConnectionFailure): void {
    if (failure instanceof Error) return this.#fail(failure);
    if (failure !== 'closed') return this.#fail(new RouterError(failure.code, failure.detail));
    if (this.#request.isAnswered) return this.#fail(new RouterError('H18'));
    if (this.#request.isRepeatable && !this.#hasBytes) this.#finish({ kind: 'unanswered' });
    else this.#fail(new RouterError('H13'));
  }

  // Backpressure, and the end.

  /** Pauses the dyno while the client does not keep up. */
  #holdBack(): void {
    this.#isHeldBack = true;
    this.#connection.pause();
    this.#request.res.once('drain', () => {
      this.#isHeldBack = false;
      if (this.#isOver) return;
      this.#silence.start(this.#options.timeouts.idleWindow);
      this.#connection.resume();
    });
  }

  #silenceCode(): RouterErrorCode {
    if (this.#isHeldBack || this.#hasResponse) return 'H28';
    return this.#hasBytes ? 'H15' : 'H12';
  }

  #uploadSilenceCode(): RouterErrorCode {
    if (this.#upload?.isHeldBack !== true) return 'H28';
    return this.#hasBytes ? 'H15' : 'H12';
  }

  #finish(outcome: ForwardResult): void {
    if (this.#isOver) return;
    this.#stop();
    this.#resolve(outcome);
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#stop();
    // After a complete response, another request may be using the connection.
    if (!this.#hasResponse) this.#connection.destroy();
    this.#reject(error);
  }

  #stop(): void {
    this.#isOver = true;
    this.#request.onInterrupt(undefined);
    this.#silence.stop();
    this.#upload?.stop();
  }
}

function inPairs(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return pairs;
}
