import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RealTimeouts } from '../../base/limits.js';
import { isH2c } from '../headers.js';
import { MAX_REQUEST_HEAD_BYTES } from '../limits.js';
import { ReadAhead } from './read-ahead.js';
import { withoutUpgrade } from './upgrade.js';

const LONGEST_CHECK_MS = 5000;

/** What a listening server tells the router. */
export interface HttpEvents {
  /** May come twice for a socket. */
  onConnection(socket: Socket): void;
  /** @param detached what comes on the connection, if the client asks for another protocol on it */
  onRequest(req: IncomingMessage, res: ServerResponse, detached?: ReadAhead): void;
  onParseError(error: Error, socket: Socket): void;
  /** The request that has just come is the last one that can be made out on a connection. */
  onLastRequest(socket: Socket): void;
  /** node:http has let go of a connection. Runs a task once the requests before have been answered. */
  onDetached(socket: Socket, task: () => void): void;
}

interface NewerOptions {
  /** Newer versions of Node: a request that is not upgraded stays an ordinary one. */
  readonly shouldUpgradeCallback: (req: IncomingMessage) => boolean;
}

/**
 * node:http, with Node's strict parser in front (never `insecureHTTPParser`) and without those of its defaults
 * that would break a promise: no limit on how long an upload takes, no header silently dropped.
 */
export function createHttpServer(timeouts: RealTimeouts, events: HttpEvents): Server {
  let last: IncomingMessage | undefined;
  const options: ServerOptions & NewerOptions = {
    // Said, or NODE_OPTIONS may say otherwise.
    insecureHTTPParser: false,
    maxHeaderSize: MAX_REQUEST_HEAD_BYTES,
    // Refused with our own page, and logged.
    requireHostHeader: false,
    requestTimeout: 0,
    shouldUpgradeCallback: (req) => {
      if (isUpgradable(req)) return true;
      // An ordinary request; but of what comes with its end, node:http throws away the rest.
      last = req;
      return false;
    },
    headersTimeout: timeouts.clientKeepAlive,
    // How often node:http looks for such clients; by default every 30 s.
    connectionsCheckingInterval: Math.min(timeouts.clientKeepAlive / 2, LONGEST_CHECK_MS),
    // Connections between requests are closed by ClientConnection.
    keepAliveTimeout: 0,
    noDelay: true,
  };
  const server = createServer(options);
  server.maxHeadersCount = 0;
  server
    .on('connection', (socket: Socket) => events.onConnection(socket))
    .on('request', onRequest)
    // The two kinds of Expect: without these listeners, node:http would answer.
    .on('checkContinue', onRequest)
    .on('checkExpectation', onRequest)
    .on('upgrade', (req, socket, head) => {
      if (!(socket instanceof Socket)) return void socket.destroy();
      if (isUpgradable(req)) return onDetached(req, socket, head);
      // Older versions of Node.
      events.onDetached(socket, () => {
        withoutUpgrade(req, socket, head);
        server.emit('connection', socket);
      });
    })
    .on('connect', (req, socket, head) => {
      if (socket instanceof Socket) onDetached(req, socket, head);
      else socket.destroy();
    })
    .on('clientError', (error, socket: Duplex) => {
      if (socket instanceof Socket) events.onParseError(error, socket);
      else socket.destroy();
    });
  return server;

  function onRequest(req: IncomingMessage, res: ServerResponse): void {
    if (last !== req) return events.onRequest(req, res);
    res.shouldKeepAlive = false;
    events.onRequest(req, res);
    events.onLastRequest(req.socket);
  }

  /** node:http has let go of the connection; until it is upgraded, it still gets an ordinary answer. */
  function onDetached(req: IncomingMessage, socket: Socket, head: Buffer): void {
    const detached = new ReadAhead(socket, head);
    socket.on('error', () => {}); // 'close' follows
    events.onDetached(socket, () => {
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.once('finish', () => socket.destroySoon());
      events.onRequest(req, res, detached);
    });
  }
}

/** Others may ask for an upgrade, too, but get an ordinary answer. */
function isUpgradable(req: IncomingMessage): boolean {
  return !hasBody(req) && !isH2c(req.headers.upgrade ?? '');
}

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'] ?? '0';
  return req.headers['transfer-encoding'] !== undefined || !/^0+$/.test(length);
}
