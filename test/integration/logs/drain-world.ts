import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.js';
import { LogBus } from '../../../src/logs/bus.js';
import type { Drain } from '../../../src/logs/drains/drain.js';
import { openDrain } from '../../../src/logs/drains/open.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { makeKey, makeLeafCertificate } from '../../../src/tls/certificate.js';
import { Inbox, untilStill } from '../router/world.js';

export const TOKEN = 'd.fc6b856b-3332-4546-93de-7d0ee272c3bd';

export interface DrainWorld {
  readonly drain: Drain;
  write(...lines: readonly string[]): void;
  /** Resolves with the first line about drains that matches, now or later. */
  said(pattern: RegExp): Promise<string>;
}

/** An app's log with a drain. */
export function startDrain(url: string, clock: Clock = systemClock): DrainWorld {
  const logs = new LogBus();
  const at = Date.UTC(2024, 0, 1);
  const drain = openDrain({ url, token: TOKEN, logs, time: { real: clock, wall: () => at } });
  onTestFinished(() => closeNow(drain, clock));
  return {
    drain,
    write(...lines) {
      for (const line of lines) logs.write({ at, source: 'app', dyno: 'web.1', line });
    },
    said: (pattern) =>
      new Promise((resolve) => {
        const look = ({ dyno, line }: LogEntry): void => {
          if (dyno === 'logplex' && pattern.test(line)) resolve(line);
        };
        logs.recent(1500).forEach(look);
        logs.subscribe(look);
      }),
  };
}

async function closeNow(drain: Drain, clock: Clock): Promise<void> {
  const closed = drain.close();
  if ('advance' in clock && typeof clock.advance === 'function') await clock.advance(60_000);
  await closed;
}

/** Resolves when neither timers nor connections of this process change any more. */
export function still(clock: { readonly pending: number }, sockets: Sockets): Promise<void> {
  return untilStill(() => clock.pending * 1000 + sockets.size);
}

export type Sockets = ReadonlySet<Socket>;

export interface Posted {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers the request of this number, counted from 0; what it does not answer stays open. */
type Answer = (response: ServerResponse, index: number) => void;

const OK: Answer = (response) => void response.writeHead(204).end();

/** Answers these, one after the other, and then 204. */
export function statuses(...list: readonly number[]): Answer {
  return (response, index) => void response.writeHead(list[index] ?? 204).end();
}

/** Collects what is posted to it. */
export async function receiveHttp({ answer = OK, isTls = false, port = 0 } = {}) {
  const posts = new Inbox<Posted>();
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url, headers } = request;
    posts.push({ method, url, headers, body: await text(request) });
    answer(response, posts.items.length - 1);
  };
  const server = isTls ? createHttpsServer(selfSigned(), onRequest) : createHttpServer(onRequest);
  // The drain must close idle connections.
  server.keepAliveTimeout = 0;
  return { posts, ...(await listen(server, port)) };
}

/** Collects what is written to it. */
export async function receiveTcp({ isTls = false, port = 0, isReading = true } = {}) {
  const connections = new Inbox<{ readonly socket: Socket; readonly chunks: Inbox<string> }>();
  const onConnection = (socket: Socket): void => {
    const chunks = new Inbox<string>();
    connections.push({ socket, chunks });
    if (isReading) socket.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  };
  const server = isTls ? createTlsServer(selfSigned(), onConnection) : createTcpServer(onConnection);
  const listening = await listen(server, port);
  return {
    ...listening,
    connections,
    /** Resolves with all that has come over all connections, once it matches. */
    async received(pattern: RegExp): Promise<string> {
      for (;;) {
        const all = connections.items.flatMap(({ chunks }) => chunks.items).join('');
        if (pattern.test(all)) return all;
        const news = connections.items.map(({ chunks }) => chunks.count(chunks.items.length + 1));
        await Promise.race([connections.count(connections.items.length + 1), ...news]);
      }
    },
  };
}

async function listen(server: Server, wanted: number) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  return { port, sockets: sockets as Sockets, stop };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const { port, stop } = await listen(createTcpServer(), 0);
  stop();
  return port;
}

function selfSigned() {
  const key = makeKey();
  const cert = makeLeafCertificate(key, key, ['localhost'], Date.now());
  return { key: key.export({ type: 'pkcs8', format: 'pem' }), cert };
}
