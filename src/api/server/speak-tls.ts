import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../base/clock.js';
import { errorCode } from '../../base/errors.js';
import { TlsEntrance } from '../../tls/entrance.js';
import type { TlsOptions } from '../../tls/front.js';

export interface ControlTls extends TlsOptions {
  /** Wall-clock ms. */
  readonly now: () => number;
}

/** The time limit for the handshake, and for the first data after it. */
const PATIENCE_MS = 30_000;

/**
 * Accepts TLS on the port of an HTTP server, as Heroku's CLI needs: `git push` sends HTTP, `heroku run` a line with the
 * ID of a one-off dyno.
 * @param clock real time
 * @param onRendezvous gets a socket that does not speak HTTP, paused and unread
 */
export function speakTls(
  server: Server,
  tls: ControlTls,
  clock: Clock,
  onRendezvous: (socket: TLSSocket) => void,
): void {
  const shells = new WeakSet<Duplex>();
  const entrance = new TlsEntrance({
    ...tls,
    handshakeMs: PATIENCE_MS,
    onSecure(socket) {
      const cancel = clock.after(PATIENCE_MS, () => socket.destroy());
      socket.once('close', cancel).on('error', () => socket.destroy());
      socket.once('data', (first: Buffer) => {
        cancel();
        socket.pause().unshift(first);
        // HTTP methods have capital letters, IDs do not.
        if (!/^[A-Z]/.test(first.toString('latin1'))) return onRendezvous(socket);
        server.emit('connection', socket);
        socket.resume();
      });
    },
  });
  server.on('clientError', (error, socket) => {
    // A socket that carries TLS: Node still waits for a request on it.
    if (shells.has(socket)) return;
    if (socket instanceof Socket && entrance.take(error, socket)) shells.add(socket);
    else refuse(error, socket);
  });
}

/** Does what Node would do without our listener. */
function refuse(error: Error, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  socket.end(`HTTP/1.1 ${STATUS[errorCode(error) ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
