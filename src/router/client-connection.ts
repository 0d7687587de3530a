import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { errorCode } from '../base/errors.js';
import type { Deadline, Deadlines } from './deadlines.js';
import { RouterError } from './errors.js';
import type { ClientAddress } from './headers.js';
import { LINGER_MS } from './limits.js';
import { rawErrorPage } from './pages/error-page.js';
import type { Visit } from './visit.js';

/** A client's connection, with the requests it has in the router: more than one if the client pipelines. */
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
  readonly #idle: Deadline;
  readonly #visits: Visit[] = [];
  /**
   * `garbled`: what came after the last request is none. `over`: an answer says that it is the last one, or the
   * connection is only the shell of another one.
   */
  #state: 'open' | 'garbled' | 'over' = 'open';
  #isLetGo = false;
  #hadLastRequest = false;
  /** What the parser did not like. */
  #complaint: string | undefined;

  constructor(socket: Socket, deadlines: Deadlines, keepAliveMs: number) {
    this.socket = socket;
    this.#deadlines = deadlines;
    this.#keepAliveMs = keepAliveMs;
    this.#idle = deadlines.create(() => socket.destroy());
    // ::ffff:127.0.0.1 is an IPv4 client of a socket that takes both kinds.
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.port = socket.localPort ?? 0;
    this.protocol = isTls(socket) ? 'https' : 'http';
    this.tlsVersion = isTls(socket) ? versionOf(socket) : '';
    socket.once('close', () => {
      this.#idle.stop();
      for (const visit of [...this.#visits]) visit.left();
    });
  }

  /** False: what still comes is not to be answered. */
  get isOpen(): boolean {
    return this.#state === 'open' && !this.#hadLastRequest;
  }

  /** Another connection goes on inside of it: nothing that the parser still says of this one matters. */
  becomeShell(): void {
    this.#state = 'over';
  }

  enter(visit: Visit): void {
    this.#idle.stop();
    this.#visits.push(visit);
  }

  leave(visit: Visit): void {
    this.#visits.splice(this.#visits.indexOf(visit), 1);
    if (this.#visits.length > 0) return;
    if (this.#state === 'garbled') this.#refuse('badRequest');
    else if (!this.socket.destroyed) this.#idle.start(this.#keepAliveMs);
  }

  /** Ends all its requests, or those that wait for a dyno. */
  interrupt(why: RouterError, which: 'all' | 'held' = 'all'): void {
    for (const visit of [...this.#visits]) if (which === 'all' || visit.isHeld) visit.interrupt(why);
  }

  /**
   * Node's parser cannot go on. It refuses all that RFC 9112 calls malformed; the answer is a plain 400, after
   * those to the requests before it.
   */
  onParseError(error: Error): void {
    if (this.#state !== 'open') return;
    const code = errorCode(error) ?? '';
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return this.#refuse('tooSlow');
    // The client has left, perhaps in the middle of a request: that is an H27.
    if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') return void this.socket.destroy();
    this.#complaint = complaintOf(error);
    const unfinished = this.#visits.find((visit) => !visit.req.complete);
    if (unfinished !== undefined) return unfinished.interrupt(new RouterError('badRequest', 'bad chunk'));
    if (this.#visits.length === 0) return this.#refuse('badRequest');
    if (!this.#hadLastRequest) this.#state = 'garbled';
  }

  /**
   * node:http has let go of the connection, because of a request that asks for another protocol. Runs a task once
   * the requests before that one have been answered.
   */
  onLetGo(task: () => void): void {
    if (!this.#isLetGo) this.socket.on('drain', () => this.#onDrain());
    this.#isLetGo = true;
    const before = this.#visits.at(-1);
    if (before === undefined) return task();
    before.res.once('close', () => {
      if (this.isOpen && !this.socket.destroyed) task();
    });
  }

  /** In place of node:http: the answer whose turn it is may go on. */
  #onDrain(): void {
    for (const { res } of this.#visits) if (res.socket !== null) res.emit('drain');
  }

  #refuse(why: 'badRequest' | 'tooSlow'): void {
    this.socket.write(rawErrorPage(new RouterError(why, this.#complaint)));
    this.#close();
  }

  /** Behind this request nobody can tell requests apart. */
  lastRequest(): void {
    this.#hadLastRequest = true;
  }

  /** An answer says that it is the last one: no request behind it is served. RFC 9112 9.6 */
  lastAnswer(): void {
    this.#state = 'over';
  }

  /**
   * To be called before an answer ends that closes the connection although the client is still sending. Cut at
   * once, the client would see a reset instead of the answer: so the rest is read for a while, and thrown away.
   */
  lingerAfterAnswer(): void {
    // What node:http calls after such an answer.
    this.socket.destroySoon = () => this.#close();
  }

  #close(): void {
    const { socket } = this;
    this.lastAnswer();
    const deadline = this.#deadlines.after(LINGER_MS, () => socket.destroy());
    socket
      .once('end', () => socket.destroy())
      .once('close', () => deadline.stop())
      .end();
  }
}

/** llhttp's words, such as `Invalid method encountered`: fixed texts, none with a client's bytes in them. */
function complaintOf(error: Error): string | undefined {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
}

function isTls(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket;
}

/** As Router 2.0 logs it. https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format */
function versionOf(socket: TLSSocket): string {
  return socket.getProtocol()?.replace(/^TLSv/, 'tls') ?? 'unknown';
}
