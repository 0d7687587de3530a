import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Time } from '../base/clock.js';
import { LateServer } from '../base/late-server.js';
import type { RealTimeouts } from '../base/limits.js';
import type { LogEntry } from '../logs/entry.js';
import { TlsEntrance } from '../tls/entrance.js';
import type { TlsOptions } from '../tls/front.js';
import type { Backends } from './backends.js';
import type { Checkout } from './checkout.js';
import { Checkouts } from './checkouts.js';
import { ClientConnection } from './client/connection.js';
import { createHttpServer, type HttpEvents } from './client/http-server.js';
import type { ReadAhead } from './client/read-ahead.js';
import { tunnel } from './client/upgrade.js';
import { Deadlines } from './deadlines.js';
import { type AppAddress, NoSuchApp, RouterError } from './errors.js';
import { type ForwardOptions, forward } from './forward.js';
import { HttpsHint } from './https-hint.js';
import { CHECKOUT_LIMITS, CLOSE_GRACE_MS } from './limits.js';
import { listen, portOf } from './listen.js';
import { routerEntry } from './log-line.js';
import { answerWithError } from './pages/error-page.js';
import { ProxiedRequest } from './proxied-request.js';

export interface RoutedApp {
  readonly name: string;
  readonly backends: Backends;
  log(entry: LogEntry): void;
}

export interface RouterOptions {
  /** @param hostname from the Host header, in lower case, without the port; may be empty */
  readonly findApp: (hostname: string) => RoutedApp | undefined;
  /** Requests wait until it resolves, when all apps can be found. */
  readonly ready?: Promise<void>;
  /** Listed for requests to the router itself, `http://localhost:5006`, if no app has that host name. */
  readonly listApps?: () => readonly AppAddress[];
  readonly time: Time;
  readonly timeouts: RealTimeouts;
  /** False: a new connection to the dyno for each request, like the legacy router. */
  readonly dynoKeepAlive: boolean;
  /** The address to listen on. Default: 127.0.0.1 and ::1. */
  readonly host?: string;
  /** Leaves ::1 to `listenOnIPv6`. */
  readonly isIPv6Later?: boolean;
  /** 0: any free port. */
  readonly port: number;
  /** Without it, the router refuses TLS like any other malformed request. */
  readonly tls?: TlsOptions;
  /** Used to choose a dyno. Default: `Math.random`. */
  readonly random?: () => number;
}

/** @throws the system's error if it cannot listen: `EADDRINUSE` with `address` and `port` */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const router = new Router(options);
  await router.listen();
  return router;
}

/** Host names of the router itself. */
const OWN_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Finds the app and a dyno for each request, forwards the request, and logs it in the app's log. */
export class Router {
  readonly #options: RouterOptions;
  readonly #deadlines: Deadlines;
  readonly #forwarding: ForwardOptions;
  readonly #checkouts: Checkouts;
  /** Kept until their last request is over, which may be after the end of the connection. */
  readonly #clients = new Map<Socket, ClientConnection>();
  #servers: readonly Server[] = [];
  #port = 0;
  readonly #tls: TlsEntrance | undefined;
  readonly #httpsHint = new HttpsHint();
  /** Undefined once all apps can be found. */
  #ready: Promise<void> | undefined;
  #isClosing = false;
  #closing: Promise<void> | undefined;
  #onEmpty = (): void => {};

  constructor(options: RouterOptions) {
    const { time, timeouts, dynoKeepAlive, tls } = options;
    this.#options = options;
    this.#ready = options.ready?.then(() => {
      this.#ready = undefined;
    });
    this.#tls =
      tls &&
      new TlsEntrance({
        ...tls,
        now: time.wall,
        handshakeMs: timeouts.clientKeepAlive,
        onSecure: (socket) => this.#servers[0]?.emit('connection', socket),
      });
    this.#deadlines = new Deadlines(time.real);
    this.#checkouts = new Checkouts({ ...options, deadlines: this.#deadlines });
    this.#forwarding = {
      clock: time.real,
      deadlines: this.#deadlines,
      timeouts,
      dynoKeepAlive,
      isClosing: () => this.#isClosing,
    };
  }

  /** See {@link startRouter}. */
  async listen(): Promise<void> {
    const { host, port, isIPv6Later = false } = this.#options;
    const loopback = isIPv6Later ? ['127.0.0.1'] : ['127.0.0.1', '::1'];
    this.#servers = await this.#listenOn(host === undefined ? loopback : [host], port);
    const [server] = this.#servers;
    if (server !== undefined) this.#port = portOf(server);
  }

  /**
   * Listens on ::1 too, if `listen` left that out. Must not be called after `close`.
   * @throws the system's error if it cannot listen
   */
  async listenOnIPv6(): Promise<void> {
    const { host, isIPv6Later = false } = this.#options;
    if (host !== undefined || !isIPv6Later) return;
    this.#servers = [...this.#servers, ...(await this.#listenOn(['::1'], this.port))];
  }

  #listenOn(addresses: readonly string[], port: number): Promise<readonly Server[]> {
    const { timeouts } = this.#options;
    const events: HttpEvents = {
      onConnection: (socket) => this.#onConnection(socket),
      onRequest: (req, res, detached) => this.#onRequest(req, res, detached),
      onParseError: (error, socket) => this.#onParseError(error, socket),
      onLastRequest: (socket) => this.#clients.get(socket)?.lastRequest(),
      onDetached: (socket, task) => this.#clients.get(socket)?.onDetached(task),
    };
    return listen(() => new LateServer(() => createHttpServer(timeouts, events)), addresses, port);
  }

  /** Stored because each request needs it, and reading it from the socket is a system call. */
  get port(): number {
    return this.#port;
  }

  /**
   * Stops listening, and refuses requests that wait for a dyno with a 503. Requests that a dyno has may finish; they
   * are cut off shortly after `dynosGone`. Another call returns the same promise.
   */
  close(dynosGone: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.#isClosing = true;
    this.#closing ??= this.#close(dynosGone);
    return this.#closing;
  }

  /** Closes the connections to a removed app. */
  forget({ backends }: RoutedApp): void {
    this.#checkouts.forget(backends);
  }

  #onConnection(socket: Socket): void {
    if (this.#clients.has(socket)) return;
    const client = new ClientConnection(socket, this.#deadlines, this.#options.timeouts.clientKeepAlive);
    this.#clients.set(socket, client);
    socket.once('close', () => this.#forgetIfOver(client));
  }

  #onParseError(error: Error, socket: Socket): void {
    const client = this.#clients.get(socket);
    if (client === undefined) return;
    const isFirstLayer = client.isOpen && client.protocol === 'http';
    if (isFirstLayer && this.#tls?.take(error, socket)) client.handOver();
    else client.onParseError(error);
  }

  #onRequest(req: IncomingMessage, res: ServerResponse, detached?: ReadAhead): void {
    const client = this.#clients.get(req.socket);
    client?.inTurn(() => {
      void this.#serve(new ProxiedRequest(req, res, client, this.#options.time.wall(), detached));
    });
  }

  /** Serves a request. All failures end in the one `catch`. */
  async #serve(request: ProxiedRequest): Promise<void> {
    request.begin(this.#options.time.real.now());
    if (this.#ready !== undefined) await this.#ready;
    const app = this.#options.findApp(request.hostname);
    request.enter(app?.backends.enter(request.facts.userAgent));
    try {
      // 1 identify: a valid request for an app that exists
      const checkout = this.#identified(request, app);
      // 2 checkout: a connection to a dyno, if necessary after a wait
      let connection = await checkout.connection(request);
      if (request.readAhead?.isStalled) await request.readAhead.catchUp(this.#deadlines);
      // 3 forward: the request to the dyno, the response to the client
      let outcome = await forward(request, connection, this.#forwarding);
      for (let left: number = CHECKOUT_LIMITS.repeats; outcome.kind === 'unanswered' && left > 0; left -= 1) {
        if (this.#isClosing) throw new RouterError('stopping');
        connection = await checkout.again(request, connection);
        outcome = await forward(request, connection, this.#forwarding);
      }
      if (outcome.kind === 'unanswered') throw new RouterError('H13');
      if (outcome.kind === 'upgraded') await tunnel(request, outcome, this.#forwarding);
    } catch (error) {
      await answerWithError(request, this.#asRouterError(error, app), this.#isClosing);
    } finally {
      this.#log(request, app);
      request.release();
      this.#forgetIfOver(request.client);
    }
  }

  #identified({ facts, interruption, hostname }: ProxiedRequest, app: RoutedApp | undefined): Checkout {
    if (facts.refusal !== undefined) throw facts.refusal;
    if (interruption !== undefined) throw interruption;
    if (this.#isClosing) throw new RouterError('stopping');
    if (app === undefined)
      throw new NoSuchApp(OWN_NAMES.has(hostname) ? this.#options.listApps?.() : undefined);
    return this.#checkouts.of(app.backends, (line) => this.#remark(app, line));
  }

  #log(request: ProxiedRequest, app: RoutedApp | undefined): void {
    if (app === undefined) return;
    const { real, wall } = this.#options.time;
    app.log(routerEntry(request.line(real.now()), wall()));
    const hint = this.#tls && this.#httpsHint.lineFor(app, request, this.port);
    if (hint !== undefined) this.#remark(app, hint);
  }

  /** Any other error is a bug in dynosim: the client gets an H99, and the log the stack. */
  #asRouterError(error: unknown, app: RoutedApp | undefined): RouterError {
    if (error instanceof RouterError) return error;
    this.#remark(app, `Bug in the router: ${error instanceof Error ? error.stack : String(error)}`);
    return new RouterError('H99');
  }

  #remark(app: RoutedApp | undefined, line: string): void {
    app?.log({ at: this.#options.time.wall(), source: 'dynosim', dyno: 'router', line });
  }

  async #close(dynosGone: Promise<unknown>): Promise<void> {
    const stopping = new RouterError('stopping');
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const client of this.#clients.values()) client.interrupt(stopping, 'held');
    await Promise.race([this.#empty(), dynosGone.catch(() => {}).then(() => this.#grace())]);
    for (const client of this.#clients.values()) client.interrupt(stopping);
    this.#checkouts.close();
    for (const socket of this.#clients.keys()) socket.destroy();
    await Promise.all([this.#empty(), ...closed]);
    this.#deadlines.close();
  }

  /** Waits until no request is left. */
  #empty(): Promise<void> {
    if (!this.#isServing()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #isServing(): boolean {
    for (const { isServing } of this.#clients.values()) if (isServing) return true;
    return false;
  }

  /** Called at the end of each request, and of each connection. */
  #forgetIfOver({ socket, isServing }: ClientConnection): void {
    if (socket.closed && !isServing) this.#clients.delete(socket);
    if (this.#isClosing && !this.#isServing()) this.#onEmpty();
  }

  #grace(): Promise<void> {
    return new Promise((resolve) => void this.#deadlines.after(CLOSE_GRACE_MS, resolve));
  }
}
