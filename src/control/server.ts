import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../base/errors.js';
import { ApiError, badRequest, forbidden, notFound, unauthorized } from './errors.js';

/** The control API listens here and nowhere else, whatever the router does. */
const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 1024 * 1024;

export interface ApiRequest {
  /** What stood for the `:names` of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body; undefined if there was none. */
  readonly body: unknown;
}

export interface ApiResponse {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/apps/:app/dynos` */
  readonly path: string;
  handler(request: ApiRequest): ApiResponse | Promise<ApiResponse>;
}

export interface ControlServerOptions {
  /** Taken if it is free: an app's API keeps its port from start to start. */
  readonly preferredPort: number | undefined;
  readonly token: string;
  readonly routes: readonly Route[];
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
  const server = createServer((request, response) => void answer(request, response, options));
  const port = await listen(server, options.preferredPort);
  return {
    port,
    url: `http://${HOST}:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
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

async function answer(request: IncomingMessage, response: ServerResponse, options: ControlServerOptions) {
  try {
    letIn(request, options.token);
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    const { route, params } = findRoute(options.routes, request.method ?? '', pathname);
    const { status, body } = await route.handler({ params, body: await readJson(request) });
    send(response, status, body);
  } catch (error) {
    if (error instanceof ApiError)
      return send(response, error.status, { id: error.id, message: error.message });
    options.onBug(error);
    send(response, 500, {
      id: 'internal_server_error',
      message: 'dynosim failed; its own output says more.',
    });
  }
}

/**
 * A web page that the user visits must not steer dynosim: a foreign Host means DNS rebinding, a foreign Origin
 * a script. The token keeps out other users of the machine.
 * @throws ApiError
 */
function letIn(request: IncomingMessage, token: string): void {
  const { host, origin, authorization } = request.headers;
  const port = request.socket.localPort;
  const own = [`${HOST}:${port}`, `localhost:${port}`];
  if (host === undefined || !own.includes(host)) throw forbidden('This host name is not served here.');
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`)) {
    throw forbidden('Web pages may not use this API.');
  }
  if (!isSame(authorization ?? '', `Bearer ${token}`)) throw unauthorized();
}

/** In constant time: how long it takes tells nothing about where they differ, or about their length. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : undefined;
    if (params) return { route, params };
  }
  throw notFound();
}

/** The values of a pattern's `:names`, or undefined if the path is another one. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = decodeURIComponent(parts[index] ?? '');
    if (name.startsWith(':')) params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
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

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
