import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.js';
import { errorCode } from '../../base/errors.js';
import type { Attachments } from '../attach/attachments.js';
import { serveRendezvous } from '../attach/rendezvous.js';
import { serveAttachment } from '../attach/server.js';
import type { ControlApi } from '../control.js';
import { notSimulated } from '../heroku/not-simulated.js';
import type { ApiResponse, Route } from '../route.js';
import { HOST, hasToken, letIn } from './access.js';
import { readBody } from './body.js';
import { ApiError, asApiError, badRequest, notFound, unauthorized } from './errors.js';
import { findRoute } from './find-route.js';
import { send } from './send.js';
import { type ControlTls, speakTls } from './speak-tls.js';

/** At the end a client gets so long to take the last lines of a log that it follows. */
const LAST_WORDS_MS = 500;

export interface ControlServerOptions {
  /** Taken if it is free: an app's API keeps its port from start to start. */
  readonly preferredPort: number | undefined;
  readonly token: string;
  readonly control: ControlApi;
  readonly routes: readonly Route[];
  /** One-off dynos that wait for their clients. */
  readonly attachments: Attachments;
  /** Real time. */
  readonly clock: Clock;
  /** Left out: TLS is not spoken. */
  readonly tls?: ControlTls;
  /** Told of what no handler should throw. */
  onBug(error: unknown): void;
}

export interface ControlServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the control API: who is let in is decided here, before any handler sees the request. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const end = new AbortController();
  const answers = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answering = answer(request, response, { ...options, end: end.signal });
    answers.add(answering);
    void answering.finally(() => answers.delete(answering));
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens, and a client that leaves is none of our bugs.
    socket.on('error', () => socket.destroy());
    attach(request, socket, head, options);
  });
  const { tls, clock, attachments } = options;
  if (tls) speakTls(server, tls, clock, (socket) => serveRendezvous(socket, attachments, clock));
  const port = await listen(server, options.preferredPort);
  return {
    port,
    url: `http://${HOST}:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      end.abort();
      await lastWords(answers, clock);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Resolves when all answers have been sent, or their readers have had time enough. */
async function lastWords(answers: Iterable<Promise<void>>, clock: Clock): Promise<void> {
  let cancel = (): void => {};
  const enough = new Promise<void>((resolve) => {
    cancel = clock.after(LAST_WORDS_MS, resolve);
  });
  await Promise.race([Promise.all(answers), enough]);
  cancel();
}

async function listen(server: Server, preferred: number | undefined): Promise<number> {
  for (const port of preferred === undefined ? [0] : [preferred, 0]) {
    server.listen({ host: HOST, port });
    try {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (port === 0 || errorCode(error) !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('The control API could not listen');
}

interface AnswerOptions extends ControlServerOptions {
  readonly end: AbortSignal;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: AnswerOptions) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    await send(response, await handle(request, options, gone.signal), gone.signal);
  } catch (error) {
    const refusal = asApiError(error);
    if (!refusal) options.onBug(error);
    const { status, id, message, hint } = refusal ?? BUG;
    await send(response, { status, body: { id, message, ...(hint !== undefined && { hint }) } }, gone.signal);
    // Whatever of the request has not been read is not worth reading.
    if (!request.complete) request.destroy();
  }
}

const ATTACH_PATH = /^\/dynosim\/attach\/([\w-]+)$/;

/** A client wants to attach to a one-off dyno. */
function attach(request: IncomingMessage, socket: Duplex, head: Buffer, options: ControlServerOptions): void {
  const { token, attachments } = options;
  try {
    letIn(request);
    if (!hasToken(request, token)) throw unauthorized();
    const [, id = ''] = ATTACH_PATH.exec(request.url ?? '') ?? [];
    const attachment = attachments.take(id);
    if (!attachment?.attach()) throw notFound('dyno');
    serveAttachment(socket, head, attachment);
  } catch (error) {
    const { status } = asApiError(error) ?? BUG;
    socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

const BUG = new ApiError(500, 'internal_server_error', 'dynosim failed; its own output says more.');

async function handle(
  request: IncomingMessage,
  { control, routes, token, end }: AnswerOptions,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const origin = letIn(request);
  const { method = '', headers, url = '/' } = request;
  if (!URL.canParse(url, origin)) throw badRequest('The path is not valid.');
  const { pathname, searchParams: query } = new URL(url, origin);
  const found = findRoute(routes, method, pathname);
  if (!found?.route.isOpen && !hasToken(request, token)) throw unauthorized();
  if (!found) throw notSimulated(method, pathname);
  const { route, params } = found;
  return route.handler(control, {
    params,
    query,
    headers,
    origin,
    body: await readBody(request),
    signal,
    end,
  });
}
