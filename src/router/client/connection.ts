import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { errorCode } from '../../base/errors.js';
import type { Deadline, Deadlines } from '../deadlines.js';
import { RouterError } from '../errors.js';
import type { ClientAddress } from '../headers.js';
import { LINGER_LIMITS, WAITING_REQUESTS } from '../limits.js';
import { rawErrorPage } from '../pages/error-page.js';
import type { ProxiedRequest } from '../proxied-request.js';

/**
 * A client's connection. Its requests are served one by one, as by Heroku's routers: of a client that pipelines,
 * the next one begins when the answer before it is over, and counts from then on.
 */
export class ClientConnection implements ClientAddress {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** `tls1.3`; empty without TLS. */
  readonly tlsVersion: string;
  readonly socket: Socket;
  readonly #deadlines: Deadlines;
  readonly #keepAliveMs: number;
  /** Runs between requests. Before the first one, node:http waits for its headers. */
  readonly #keepAlive: Deadline;
  /** The request that is served. */
  #request: ProxiedRequest | undefined;
  /** What the requests behind it begin with. Of one that has not begun nobody has heard: it needs no log line. */
  readonly #waiting: (() => void)[] = [];
  #isHeldBack = false;
  /**
   * `garbled`: what came after the last request is none. `over`: an answer says that it is the last one, or the
   * connection is only the shell of another one.
   */
  #state: 'open' | 'garbled' | 'over' = 'open';
  #isDetached = false;
  #hadLastRequest = false;
  /** What the parser did not like. */
  #complaint: string | undefined;

  constructor(socket: Socket, deadlines: Deadlines, keepAliveMs: number) {
    this.socket = socket;
    this.#deadlines = deadlines;
    this.#keepAliveMs = keepAliveMs;
    this.#keepAlive = deadlines.create(() => socket.destroy());
    // ::ffff:127.0.0.1 is an IPv4 client of a socket that takes both kinds.
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.port = socket.localPort ?? 0;
    this.protocol = isTls(socket) ? 'https' : 'http';
    this.tlsVersion = isTls(socket) ? versionOf(socket) : '';
    // A client that closes its half counts as gone. node:http would wait until the client has read what was written.
    socket.once('end', () => {
      if (this.#request === undefined) return;
      this.#request.left();
      socket.destroy();
    });
    socket.once('close', () => {
      this.#keepAlive.stop();
      this.#waiting.length = 0;
      this.#request?.left();
    });
  }

  /** False: what still comes is not to be answered. */
  get isOpen(): boolean {
    return this.#state === 'open' && !this.#hadLastRequest;
  }

  /** Another connection goes on inside of it: nothing that the parser still says of this one matters. */
  handOver(): void {
    this.#state = 'over';
  }

  /** Begins with a request: now, or when those before it are over; behind the last answer, never. RFC 9112 9.6 */
  inTurn(begin: () => void): void {
    if (!this.#isBusy) {
      if (this.isOpen) begin();
      return;
    }
    this.#waiting.push(begin);
    if (this.#waiting.length >= WAITING_REQUESTS && !this.#isDetached) this.#holdBack();
  }

  get isServing(): boolean {
    return this.#request !== undefined;
  }

  get #isBusy(): boolean {
    return this.#request !== undefined || this.#waiting.length > 0;
  }

  enter(request: ProxiedRequest): void {
    this.#keepAlive.stop();
    this.#request = request;
    // It is the one that the parser stopped in, while it waited.
    if (this.#state === 'garbled' && !request.req.complete) this.#cutShort(request);
  }

  leave({ res, readAhead }: ProxiedRequest): void {
    this.#request = undefined;
    readAhead?.stop();
    if (this.#waiting.length > 0 && this.#state !== 'over') {
      // Only then node:http gives the connection to the next answer.
      if (res.closed) this.#next();
      else res.once('close', () => this.#next());
    } else if (this.#state === 'garbled') this.#refuse('badRequest');
    else if (!this.socket.destroyed) this.#keepAlive.start(this.#keepAliveMs);
  }

  #next(): void {
    const begin = this.#waiting.shift();
    if (this.#isHeldBack && this.#waiting.length < WAITING_REQUESTS) this.#readOn();
    if (!this.socket.destroyed) begin?.();
  }

  /** Enough requests wait: what has not been read yet, stays where it is. */
  #holdBack(): void {
    if (this.#isHeldBack) return;
    this.#isHeldBack = true;
    // Not before node:http is done with what it has read: it may let go of the connection, which then must not stop.
    process.nextTick(() => {
      // node:http resumes it at times, as when an answer goes on that was held back.
      if (this.#isHeldBack) this.socket.on('resume', this.#pause).pause();
    });
  }

  readonly #pause = (): void => void this.socket.pause();

  #readOn(): void {
    this.#isHeldBack = false;
    this.socket.off('resume', this.#pause).resume();
  }

  /** Ends the request that is served, or only if it waits for a dyno. */
  interrupt(why: RouterError, which: 'all' | 'held' = 'all'): void {
    if (which === 'all' || this.#request?.state.at === 'waiting') this.#request?.interrupt(why);
  }

  /**
   * Node's parser cannot go on. It refuses all that RFC 9112 calls malformed; the answer is a plain 400, after
   * those to the requests before it.
   */
  onParseError(error: Error): void {
    if (this.#state !== 'open') return;
    const code = errorCode(error) ?? '';
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      // Behind a request that is served, it is not the client that takes its time.
      if (!this.#isBusy) this.#refuse('tooSlow');
      return;
    }
    // The client has left, perhaps in the middle of a request: that is an H27.
    if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') return void this.socket.destroy();
    this.#complaint = complaintOf(error);
    if (this.#request?.req.complete === false) return this.#cutShort(this.#request);
    if (!this.#isBusy) return this.#refuse('badRequest');
    if (!this.#hadLastRequest) this.#state = 'garbled';
  }

  /** The parser cannot go on in the middle of this request. */
  #cutShort(request: ProxiedRequest): void {
    this.lastAnswer();
    request.interrupt(new RouterError('badRequest', 'bad chunk'));
  }

  /**
   * node:http has let go of the connection, because of a request that asks for another protocol. Runs a task once
   * the requests before that one have been answered.
   */
  onDetached(task: () => void): void {
    if (!this.#isDetached) this.socket.on('drain', () => this.#onDrain());
    this.#isDetached = true;
    this.#isHeldBack = false;
    this.inTurn(task);
  }

  /** In place of node:http: the answer may go on. */
  #onDrain(): void {
    this.#request?.res.emit('drain');
  }

  #refuse(why: 'badRequest' | 'tooSlow'): void {
    this.socket.write(rawErrorPage(new RouterError(why, this.#complaint)));
    this.#close();
  }

  /** Behind this request nobody can tell requests apart. */
  lastRequest(): void {
    this.#hadLastRequest = true;
  }

  /**
   * An answer says that it is the last one: no request behind it is served. When it ends, the connection is closed in
   * stages, as the client may still be sending. RFC 9112 9.6
   */
  lastAnswer(): void {
    this.#state = 'over';
    // node:http calls this after such an answer.
    this.socket.destroySoon = () => this.#close();
  }

  /**
   * Ends the router's side, then reads on for a while and throws away what comes. Cut at once, the client would see a
   * reset instead of the answer.
   */
  #close(): void {
    const { socket } = this;
    this.#state = 'over';
    const cut = (): void => void socket.destroy();
    const silence = this.#deadlines.after(LINGER_LIMITS.silenceMs, cut);
    const limit = this.#deadlines.after(LINGER_LIMITS.totalMs, cut);
    socket
      .once('end', cut)
      .once('close', () => {
        silence.stop();
        limit.stop();
      })
      .end();
    this.#takeOver(() => void silence.start(LINGER_LIMITS.silenceMs));
  }

  /** From now on a listener gets what comes. The parser gets nothing, as node:http would keep the requests it finds. */
  #takeOver(onData: () => void): void {
    const { socket } = this;
    this.#isHeldBack = false;
    socket.off('resume', this.#pause).removeAllListeners('data').on('data', onData).resume();
    // node:http reads past the stream, and may have stopped. The stream thinks it is reading, so `resume` is not enough.
    socket._read(0);
  }
}

/** llhttp's words, such as `Invalid method encountered`: fixed texts, none with a client's bytes in them. */
function complaintOf(error: Error): string | undefined {
  if (errorCode(error) === 'HPE_PAUSED_H2_UPGRADE') return 'HTTP/2 is not supported, send HTTP/1.1';
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
}

function isTls(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket;
}

/** As Router 2.0 logs it. https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format */
function versionOf(socket: TLSSocket): string {
  return socket.getProtocol()?.replace(/^TLSv/, 'tls') ?? 'unknown';
}
