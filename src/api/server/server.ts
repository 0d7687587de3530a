import { once } from 'node:events';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.js';
import { errorCode } from '../../base/errors.js';
import { http } from '../../base/http.js';
import { LateServer } from '../../base/late-server.js';
import type { Attachments } from '../attach/attachments.js';
import { serveRendezvous } from '../attach/rendezvous.js';
import type { HostControl } from '../control.js';
import { notSimulated } from '../heroku/not-simulated.js';
import type { ApiRequest, JsonAnswer, Route, RouteOf, StreamAnswer, TextAnswer } from '../route.js';
import { checkOrigin, checkSite, HOST, hasPassword, hasToken } from './access.js';
import { readBody } from './body.js';
import {
  ApiError,
  asApiError,
  badRequest,
  pageMethodOnly,
  passwordWanted,
  TextRefusal,
  unauthorized,
} from './errors.js';
import { findRoute } from './find-route.js';
import { send } from './send.js';
import { serverSent } from './server-sent.js';
import { type ControlTls, speakTls } from './speak-tls.js';

/** How long clients have at the end to read the last lines of a log, or a dyno's output and exit status. */
const SEND_WITHIN_MS = 500;

export interface ControlServerOptions {
  /** Used if free: an app's API keeps its port from start to start. */
  readonly preferredPort: number | undefined;
  /** Whether it is an error if that port is taken. */
  readonly isPortGiven: boolean;
  /** The user's. */
  readonly token: string;
  /** Unique per start. */
  readonly instance: string;
  readonly control: HostControl;
  /** Called once, with the first connection. */
  loadRoutes(): Promise<readonly Route[]>;
  /** One-off dynos that wait for their clients. */
  readonly attachments: Attachments;
  /** Real time. */
  readonly clock: Clock;
  /** Undefined: no TLS. */
  readonly tls?: ControlTls;
  /** Called with unexpected errors. */
  onBug(error: unknown): void;
}

export interface ControlServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the control API, which checks each request's access before its handler sees it. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const end = new AbortController();
  const answers = new Set<Promise<void>>();
  /** Makes `close` wait a moment for a response. */
  const track = (answering: Promise<void>): void => {
    answers.add(answering);
    void answering.finally(() => answers.delete(answering));
  };
  const { tls, clock, attachments } = options;
  const sockets = new Set<Socket>();
  const createServer = (): HttpServer => {
    const serving = { ...options, routes: options.loadRoutes(), end: end.signal };
    // No time limit, because a large push takes many minutes. A body is only read after the token was checked.
    const server = http().createServer({ requestTimeout: 0 }, (request, response) =>
      track(answer(request, response, serving)),
    );
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => {
      // Without a listener, the error of a client that leaves would be thrown.
      socket.on('error', () => socket.destroy());
      track(upgrade(request, socket, head, serving));
    });
    if (tls) speakTls(server, tls, clock, (socket) => track(serveRendezvous(socket, attachments, clock)));
    return server;
  };
  const server = new LateServer(createServer);
  const port = await listen(server, options);
  return {
    port,
    url: `http://${HOST}:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      end.abort();
      await allSent(answers, clock);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Resolves when all responses have been sent, or after `SEND_WITHIN_MS`. */
async function allSent(answers: Iterable<Promise<void>>, clock: Clock): Promise<void> {
  let cancel = (): void => {};
  const enough = new Promise<void>((resolve) => {
    cancel = clock.after(SEND_WITHIN_MS, resolve);
  });
  await Promise.race([Promise.all(answers), enough]);
  cancel();
}

/** @throws the system's error (`EADDRINUSE`), with its `port`, if the user chose the port */
async function listen(
  server: Server,
  { preferredPort = 0, isPortGiven }: Pick<ControlServerOptions, 'preferredPort' | 'isPortGiven'>,
): Promise<number> {
  for (const port of isPortGiven ? [preferredPort] : [preferredPort, 0]) {
    server.listen({ host: HOST, port });
    try {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (port === 0 || isPortGiven || errorCode(error) !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('The control API could not listen');
}

interface AnswerOptions extends ControlServerOptions {
  readonly routes: Promise<readonly Route[]>;
  readonly end: AbortSignal;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: AnswerOptions) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    await handle(request, response, options, gone.signal);
  } catch (error) {
    const refusal = refusalOf(error, options);
    // Part of another response has been sent: an error response is no longer possible.
    if (response.headersSent) return void response.destroy();
    await send(response, refusal, gone.signal);
    // Do not read the rest of the request.
    if (!request.complete) request.destroy();
  }
}

/** `code` is dynosim's own error code; `id` is one of the few that Heroku has. */
function refusalOf(error: unknown, { onBug }: AnswerOptions): JsonAnswer | TextAnswer {
  if (error instanceof TextRefusal) return error.answer;
  const refusal = asApiError(error);
  if (!refusal) onBug(error);
  const { status, id, message, hint, resource, code } = refusal ?? BUG;
  const dynosim = code !== undefined && { dynosim: { code } };
  return { status, body: { id, message, ...(hint !== undefined && { hint }), resource, ...dynosim } };
}

const BUG = new ApiError(500, 'internal_server_error', 'dynosim failed; its own output says more.');

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: AnswerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { route, ...found } = await admit(request, options, isAnswered);
  const asked = { ...found, body: undefined, signal: untilOver(response, options.end) };
  if ('exchange' in route) return route.exchange(asked, request, response);
  const body = await readBody(request);
  await send(response, await answerOf(route, { ...asked, body }, options), signal);
}

/**
 * Aborted when the client leaves or dynosim ends. Then `end` forgets the request, which it would not do in a signal of
 * `AbortSignal.any`.
 */
function untilOver(client: ServerResponse | Duplex, end: AbortSignal): AbortSignal {
  const over = new AbortController();
  const abort = (): void => {
    end.removeEventListener('abort', abort);
    over.abort();
  };
  end.addEventListener('abort', abort);
  client.once('close', abort);
  if (end.aborted || client.destroyed) abort();
  return over.signal;
}

async function answerOf(
  route: Exclude<Route, UpgradeRoute | ExchangeRoute>,
  asked: ApiRequest,
  { clock }: AnswerOptions,
): Promise<JsonAnswer | TextAnswer | StreamAnswer> {
  if ('events' in route) return serverSent(await route.events(asked), clock);
  if ('json' in route) return route.json(asked);
  return 'page' in route ? route.page(asked) : route.raw(asked);
}

/** Passes the connection to a route. */
async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, options: AnswerOptions) {
  try {
    const { route, ...found } = await admit(request, options, isUpgrade);
    await route.upgrade({ ...found, body: undefined, signal: untilOver(socket, options.end) }, socket, head);
  } catch (error) {
    socket.end(refusedUpgrade(refusalOf(error, options)));
  }
}

/** The whole response to a request for an upgrade that is refused. */
function refusedUpgrade(refusal: JsonAnswer | TextAnswer): string {
  const body = 'text' in refusal ? refusal.text : JSON.stringify(refusal.body);
  return [
    `HTTP/1.1 ${refusal.status} Refused`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

type UpgradeRoute = RouteOf<'upgrade'>;
type ExchangeRoute = RouteOf<'exchange'>;

function isUpgrade(route: Route): route is UpgradeRoute {
  return 'upgrade' in route;
}

function isAnswered(route: Route): route is Exclude<Route, UpgradeRoute> {
  return !isUpgrade(route);
}

/**
 * Finds the route of a request, and checks the access.
 * @throws ApiError 400, 401, 403, 404, 501, TextRefusal 401, 405
 */
async function admit<R extends Route>(
  request: IncomingMessage,
  { control, routes, token, instance }: AnswerOptions,
  isOfKind: (route: Route) => route is R,
) {
  const origin = checkOrigin(request);
  const { method = '', headers, url = '/' } = request;
  if (!URL.canParse(url, origin)) throw badRequest('The path is not valid.');
  const { pathname, searchParams: query } = new URL(url, origin);
  const table = (await routes).filter(isOfKind);
  const found = method === 'HEAD' ? findPage(table, pathname) : findRoute(table, method, pathname);
  checkSite(request, found?.route.isLinkable === true);
  if (!found && findPage(table, pathname)?.route.access === 'public') throw pageMethodOnly();
  requireAccess(found?.route, request, { token, instance });
  if (!found) throw notSimulated(method, pathname);
  return { ...found, control, query, headers, origin };
}

function findPage<R extends Route>(routes: readonly R[], path: string) {
  return findRoute(
    routes.filter((route) => 'page' in route),
    'GET',
    path,
  );
}

/** @throws ApiError 401, 403, TextRefusal */
function requireAccess(
  route: Route | undefined,
  request: IncomingMessage,
  own: Pick<ControlServerOptions, 'token' | 'instance'>,
): void {
  const access = route?.access ?? 'token';
  if (access === 'token' && !hasToken(request, own) && !route?.admits?.(request.headers))
    throw unauthorized();
  if (access !== 'password' || hasPassword(request, own.token)) return;
  // What is not JSON is for git.
  throw route && 'json' in route ? unauthorized() : passwordWanted();
}
