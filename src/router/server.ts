import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Time } from '../base/clock.js';
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
import { RouterError } from './errors.js';
import { type ForwardOptions, forward } from './forward.js';
import { HttpsHint } from './https-hint.js';
import { CLOSE_GRACE_MS } from './limits.js';
import { listen, portOf } from './listen.js';
import { routerEntry } from './log-line.js';
import { answerWithError } from './pages/error-page.js';
import { ProxiedRequest } from './proxied-request.js';

/** An app as the router sees it. */
export interface RoutedApp {
  readonly name: string;
  readonly backends: Backends;
  log(entry: LogEntry): void;
}

export interface RouterOptions {
  /** @param hostname of the Host header, in lower case and without port; may be empty */
  readonly findApp: (hostname: string) => RoutedApp | undefined;
  readonly time: Time;
  readonly timeouts: RealTimeouts;
  /** False: a connection per request to the dyno, as the legacy router. */
  readonly dynoKeepAlive: boolean;
  /** Where to listen; 127.0.0.1 and ::1 if not said. */
  readonly host?: string;
  /** Leaves ::1 to `listenOnIPv6`. */
  readonly isIPv6Later?: boolean;
  /** 0: any that is free. */
  readonly port: number;
  /** Without it, TLS on the router's port is refused like any other garbage. */
  readonly tls?: TlsOptions;
  /** Chooses the dyno; `Math.random` if not said. */
  readonly random?: () => number;
}

/**
 * Starts a router.
 * @throws the system's error if it cannot listen: `EADDRINUSE` with `address` and `port`
 */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const router = new Router(options);
  await router.listen();
  return router;
}

/** Takes requests, finds their app and a dyno, passes them on, and says so in the app's log. */
export class Router {
  readonly #options: RouterOptions;
  readonly #deadlines: Deadlines;
  readonly #forwarding: ForwardOptions;
  readonly #checkouts: Checkouts;
  /** Until their last request is over, which may be later than the connection. */
  readonly #clients = new Map<Socket, ClientConnection>();
  #servers: readonly Server[] = [];
  #port = 0;
  readonly #tls: TlsEntrance | undefined;
  readonly #httpsHint = new HttpsHint();
  #isClosing = false;
  #closing: Promise<void> | undefined;
  #onEmpty = (): void => {};

  constructor(options: RouterOptions) {
    const { time, timeouts, dynoKeepAlive, tls } = options;
    this.#options = options;
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
   * Listens on ::1 as well, where `listen` has left that out. Not to be called once it closes.
   * @throws the system's error if it cannot
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
    return listen(() => createHttpServer(timeouts, events), addresses, port);
  }

  /** The port it listens on, once it does. Kept, as each request needs it and the system would have to be asked. */
  get port(): number {
    return this.#port;
  }

  /**
   * Stops listening, and refuses requests that wait for a dyno with a 503. Those that are with a dyno may finish
   * as long as it lives; they are cut off shortly after `dynosGone`. Closing again waits for the same end.
   */
  close(dynosGone: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.#isClosing = true;
    this.#closing ??= this.#close(dynosGone);
    return this.#closing;
  }

  /** An app has been removed: closes its unused connections. */
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

  /** The way of a request. Everything that goes wrong on it ends in the one catch. */
  async #serve(request: ProxiedRequest): Promise<void> {
    const app = this.#options.findApp(request.hostname);
    request.begin(this.#options.time.real.now(), app?.backends.enter(request.facts.userAgent));
    try {
      // 1 identify: a proper request, for an app that is here
      const checkout = this.#identified(request, app);
      // 2 checkout: a dyno, now or after a wait
      let connection = await checkout.connection(request);
      if (request.readAhead?.isStalled) await request.readAhead.catchUp(this.#deadlines);
      // 3 forward: there and back
      let outcome = await forward(request, connection, this.#forwarding);
      if (outcome.kind === 'unanswered') {
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

  #identified({ facts, interruption }: ProxiedRequest, app: RoutedApp | undefined): Checkout {
    if (facts.refusal !== undefined) throw facts.refusal;
    if (interruption !== undefined) throw interruption;
    if (this.#isClosing) throw new RouterError('stopping');
    if (app === undefined) throw new RouterError('noSuchApp');
    return this.#checkouts.of(app.backends, (line) => this.#remark(app, line));
  }

  #log(request: ProxiedRequest, app: RoutedApp | undefined): void {
    if (app === undefined) return;
    const { real, wall } = this.#options.time;
    app.log(routerEntry(request.line(real.now()), wall()));
    const hint = this.#tls && this.#httpsHint.lineFor(app, request, this.port);
    if (hint !== undefined) this.#remark(app, hint);
  }

  /** Anything else is a bug of ours: the request gets an H99, the log the stack. */
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

  /** Until no request is left. */
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

  /** Called when a request is over, and when its client's connection is. */
  #forgetIfOver({ socket, isServing }: ClientConnection): void {
    if (socket.closed && !isServing) this.#clients.delete(socket);
    if (this.#isClosing && !this.#isServing()) this.#onEmpty();
  }

  #grace(): Promise<void> {
    return new Promise((resolve) => void this.#deadlines.after(CLOSE_GRACE_MS, resolve));
  }
}
