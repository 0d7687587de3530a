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
 * A client's connection. Like Heroku's routers, it serves pipelined requests one by one: the next one begins, and its
 * time starts to count, when the response before it is complete.
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
  /** Runs between requests. Until the first one, node:http has its own timeout. */
  readonly #keepAlive: Deadline;
  /** The request being served. */
  #request: ProxiedRequest | undefined;
  /** Functions that begin the pipelined requests. A request that never begins is not logged. */
  readonly #waiting: (() => void)[] = [];
  #isHeldBack = false;
  /**
   * `garbled`: malformed input followed the last request. `over`: the last response has been announced, or the
   * connection only carries another one.
   */
  #state: 'open' | 'garbled' | 'over' = 'open';
  #isDetached = false;
  #hadLastRequest = false;
  /** Why the parser failed. */
  #complaint: string | undefined;

  constructor(socket: Socket, deadlines: Deadlines, keepAliveMs: number) {
    this.socket = socket;
    this.#deadlines = deadlines;
    this.#keepAliveMs = keepAliveMs;
    this.#keepAlive = deadlines.create(() => socket.destroy());
    // A socket for both IPv4 and IPv6 shows IPv4 clients as ::ffff:127.0.0.1.
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.port = socket.localPort ?? 0;
    this.protocol = isTls(socket) ? 'https' : 'http';
    this.tlsVersion = isTls(socket) ? versionOf(socket) : '';
    // A client that closes its side has left. node:http would wait until the client has read everything.
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

  /** Whether further requests are served. */
  get isOpen(): boolean {
    return this.#state === 'open' && !this.#hadLastRequest;
  }

  /** TLS takes over this connection: ignores what the parser reports from now on. */
  handOver(): void {
    this.#state = 'over';
  }

  /** Begins a request when those before it are over; never after the last response. RFC 9112 9.6 */
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
    // The parser failed in this request while it waited.
    if (this.#state === 'garbled' && !request.req.complete) this.#cutShort(request);
  }

  leave({ res, readAhead }: ProxiedRequest): void {
    this.#request = undefined;
    readAhead?.stop();
    if (this.#waiting.length > 0 && this.#state !== 'over') {
      // node:http assigns the connection to the next response only after this one closes.
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

  /** Stops reading: enough requests wait. */
  #holdBack(): void {
    if (this.#isHeldBack) return;
    this.#isHeldBack = true;
    // Only after node:http has parsed what it has read: it may detach the connection, which then must not pause.
    process.nextTick(() => {
      // node:http sometimes resumes the socket, for example on 'drain'.
      if (this.#isHeldBack) this.socket.on('resume', this.#pause).pause();
    });
  }

  readonly #pause = (): void => void this.socket.pause();

  #readOn(): void {
    this.#isHeldBack = false;
    this.socket.off('resume', this.#pause).resume();
  }

  /** Interrupts the current request; with 'held', only if it waits for a dyno. */
  interrupt(why: RouterError, which: 'all' | 'held' = 'all'): void {
    if (which === 'all' || this.#request?.state.at === 'waiting') this.#request?.interrupt(why);
  }

  /**
   * Node's parser has failed: it refuses whatever RFC 9112 calls malformed. The client gets a plain 400 after the
   * responses to earlier requests.
   */
  onParseError(error: Error): void {
    if (this.#state !== 'open') return;
    const code = errorCode(error) ?? '';
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      // While another request is being served, the client is not to blame for the wait.
      if (!this.#isBusy) this.#refuse('tooSlow');
      return;
    }
    // The client has left. In the middle of a request, this becomes an H27.
    if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') return void this.socket.destroy();
    this.#complaint = complaintOf(error);
    if (this.#request?.req.complete === false) return this.#cutShort(this.#request);
    if (!this.#isBusy) return this.#refuse('badRequest');
    if (!this.#hadLastRequest) this.#state = 'garbled';
  }

  /** Ends a request in whose body the parser failed. */
  #cutShort(request: ProxiedRequest): void {
    this.lastAnswer();
    request.interrupt(new RouterError('badRequest', 'bad chunk'));
  }

  /**
   * node:http has detached the connection because a request asks for another protocol. Runs the task after the
   * responses to earlier requests.
   */
  onDetached(task: () => void): void {
    if (!this.#isDetached) this.socket.on('drain', () => this.#onDrain());
    this.#isDetached = true;
    this.#isHeldBack = false;
    this.inTurn(task);
  }

  /** Does what node:http does for connections that are not detached. */
  #onDrain(): void {
    this.#request?.res.emit('drain');
  }

  #refuse(why: 'badRequest' | 'tooSlow'): void {
    this.socket.write(rawErrorPage(new RouterError(why, this.#complaint)));
    this.#close();
  }

  /** No request after this one can be parsed. */
  lastRequest(): void {
    this.#hadLastRequest = true;
  }

  /**
   * The current response is the last on this connection. Afterwards, the connection closes in stages, because the
   * client may still be sending. RFC 9112 9.6
   */
  lastAnswer(): void {
    this.#state = 'over';
    // node:http calls this after the last response.
    this.socket.destroySoon = () => this.#close();
  }

  /**
   * Closes the router's side, then reads and discards input for a while. If the socket closed at once, the client would
   * see a reset instead of the response.
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

  /** Passes further input to a listener instead of the parser: node:http would keep the requests that it parses. */
  #takeOver(onData: () => void): void {
    const { socket } = this;
    this.#isHeldBack = false;
    socket.off('resume', this.#pause).removeAllListeners('data').on('data', onData).resume();
    // node:http reads from the handle directly, and may have paused it without the stream's knowledge: `resume` is not
    // enough.
    socket._read(0);
  }
}

/** llhttp's message, such as `Invalid method encountered`: a fixed text without the client's bytes. */
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
