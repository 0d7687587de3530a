import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { http } from '../../base/http.js';
import type { RealTimeouts } from '../../base/limits.js';
import { isH2c } from '../headers.js';
import { MAX_REQUEST_HEAD_BYTES } from '../limits.js';
import { ReadAhead } from './read-ahead.js';
import { withoutUpgrade } from './upgrade.js';

const LONGEST_CHECK_MS = 5000;

/** The events of a listening server. */
export interface HttpEvents {
  /** May be called twice for one socket. */
  onConnection(socket: Socket): void;
  /** @param detached reads the connection if the client asks for another protocol */
  onRequest(req: IncomingMessage, res: ServerResponse, detached?: ReadAhead): void;
  onParseError(error: Error, socket: Socket): void;
  /** No request after the latest one can be parsed on this connection. */
  onLastRequest(socket: Socket): void;
  /** node:http has detached a connection. Runs the task after the responses to earlier requests. */
  onDetached(socket: Socket, task: () => void): void;
}

interface NewerOptions {
  /** In newer versions of Node: false leaves the request an ordinary one. */
  readonly shouldUpgradeCallback: (req: IncomingMessage) => boolean;
}

/**
 * A node:http server with Node's strict parser (never `insecureHTTPParser`), no time limit for uploads, and no limit
 * beyond which headers are silently dropped.
 */
export function createHttpServer(timeouts: RealTimeouts, events: HttpEvents): Server {
  let last: IncomingMessage | undefined;
  const options: ServerOptions & NewerOptions = {
    // Explicit, because NODE_OPTIONS could change the default.
    insecureHTTPParser: false,
    maxHeaderSize: MAX_REQUEST_HEAD_BYTES,
    // dynosim refuses such requests with its own page, and logs them.
    requireHostHeader: false,
    requestTimeout: 0,
    shouldUpgradeCallback: (req) => {
      if (isUpgradable(req)) return true;
      // An ordinary request, but node:http discards bytes after it that arrive together with its end.
      last = req;
      return false;
    },
    headersTimeout: timeouts.clientKeepAlive,
    // How often node:http checks headersTimeout; the default is every 30 s.
    connectionsCheckingInterval: Math.min(timeouts.clientKeepAlive / 2, LONGEST_CHECK_MS),
    // ClientConnection closes idle connections.
    keepAliveTimeout: 0,
    noDelay: true,
  };
  const { createServer, ServerResponse: Response } = http();
  const server = createServer(options);
  server.maxHeadersCount = 0;
  server
    .on('connection', (socket: Socket) => events.onConnection(socket))
    .on('request', onRequest)
    // Without these two listeners, node:http would respond to Expect headers itself.
    .on('checkContinue', onRequest)
    .on('checkExpectation', onRequest)
    .on('upgrade', (req, socket, head) => {
      if (!(socket instanceof Socket)) return void socket.destroy();
      if (isUpgradable(req)) return onDetached(req, socket, head);
      // In older versions of Node.
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

  /** Makes an ordinary response possible on a detached connection, in case it is not upgraded. */
  function onDetached(req: IncomingMessage, socket: Socket, head: Buffer): void {
    const detached = new ReadAhead(socket, head);
    socket.on('error', () => {}); // 'close' follows
    events.onDetached(socket, () => {
      const res = new Response(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.once('finish', () => socket.destroySoon());
      events.onRequest(req, res, detached);
    });
  }
}

/** Other requests for an upgrade get an ordinary response. */
function isUpgradable(req: IncomingMessage): boolean {
  return !hasBody(req) && !isH2c(req.headers.upgrade ?? '');
}

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'] ?? '0';
  return req.headers['transfer-encoding'] !== undefined || !/^0+$/.test(length);
}
