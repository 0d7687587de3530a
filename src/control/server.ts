import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.js';
import { errorCode } from '../base/errors.js';
import type { ControlApi } from './api.js';
import { serveAttachment } from './attach-server.js';
import type { Attachments } from './attachments.js';
import { ApiError, asApiError, badRequest, forbidden, notFound, unauthorized } from './errors.js';
import type { ApiResponse, Route } from './route.js';

/** The control API listens here and nowhere else, whatever the router does. */
const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 1024 * 1024;
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
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    // Nobody else listens, and a client that leaves is none of our bugs.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => upgraded.delete(socket));
    attach(request, socket, head, options);
  });
  const port = await listen(server, options.preferredPort);
  return {
    port,
    url: `http://${HOST}:${port}`,
    async close() {
      for (const socket of upgraded) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      end.abort();
      await lastWords(answers, options.clock);
      server.closeAllConnections();
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
    void serveAttachment(socket, head, attachment);
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
  const { pathname, searchParams } = new URL(request.url ?? '/', origin);
  const match = findRoute(routes, request.method ?? '', pathname);
  if (!match?.route.isOpen && !hasToken(request, token)) throw unauthorized();
  if (!match) throw new ApiError(404, 'not_found', 'The requested API endpoint was not found.');
  const body = await readJson(request);
  const range = request.headers.range;
  return match.route.handler(control, {
    params: match.params,
    query: searchParams,
    range,
    origin,
    body,
    signal,
    end,
  });
}

/**
 * A web page that the user visits must not steer dynosim: a foreign Host means DNS rebinding, a foreign Origin a
 * script.
 * @returns the API's own origin, as this client calls it
 * @throws ApiError 403
 */
function letIn({ headers: { host, origin }, socket: { localPort } }: IncomingMessage): string {
  const own = [`${HOST}:${localPort}`, `localhost:${localPort}`];
  if (host === undefined || !own.includes(host)) throw forbidden('This host name is not served here.');
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`)) {
    throw forbidden('Web pages may not use this API.');
  }
  return `http://${host}`;
}

/** In constant time: how long it takes tells nothing about where a wrong token differs, or how long the right one is. */
function hasToken({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

/** The values of a pattern's `:names`, or undefined if the path is another one. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = decode(part);
    else if (name !== part) return undefined;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('The path is not valid.');
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new ApiError(413, 'request_too_large', 'The body is too large.');
    chunks.push(chunk);
  }
  if (length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

async function send(response: ServerResponse, answer: ApiResponse, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if ('stream' in answer) {
    response.writeHead(answer.status, { 'Cache-Control': 'no-store', ...answer.headers });
    response.flushHeaders();
    for await (const text of answer.stream) {
      if (!response.write(text)) await once(response, 'drain', { signal }).catch(() => {});
    }
    response.end();
    await Promise.race([finished(response), aborted(signal)]);
    return;
  }
  const text = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...answer.headers,
  });
  response.end(text);
}

/** Resolves when all of it has been handed to the system. */
async function finished(response: ServerResponse): Promise<void> {
  if (!response.writableFinished) await once(response, 'finish');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
