import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.js';
import type { RealTimeouts } from '../../base/limits.js';
import type { Deadlines } from '../deadlines.js';
import type { ResponseHead } from '../dyno/response-parser.js';
import { RouterError } from '../errors.js';
import { LINGER_LIMITS } from '../limits.js';
import type { ProxiedRequest } from '../proxied-request.js';
import { Silence } from '../silence.js';
import { informationForClient } from './response.js';

/**
 * Puts a request back into the socket, without its request for an upgrade, to be read again as on a new connection. A
 * request with a body cannot be upgraded, because node:http has detached the connection and would not read the body;
 * nor can any request to HTTP/2. Java's client asks for both, and RFC 9110 7.8 allows a server to ignore it. The
 * request becomes the last on its connection, as in newer versions of Node.
 */
export function withoutUpgrade(req: IncomingMessage, socket: Socket, head: Buffer): void {
  let lines = `${req.method} ${req.url} HTTP/${req.httpVersion}\r\n`;
  const raw = req.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase();
    const value =
      name === 'connection' ? raw[i + 1]?.replace(/(?<![^\s,])upgrade(?![^\s,])/gi, 'close') : raw[i + 1];
    if (name !== 'upgrade') lines += `${raw[i]}: ${value}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines}\r\n`, 'latin1'), head]));
}

export interface Upgraded {
  readonly head: ResponseHead;
  readonly socket: Socket;
  readonly rest: Buffer;
}

/**
 * Passes bytes both ways after a dyno has responded with 101, until one side closes its connection, or both are silent
 * for the idle window: https://devcenter.heroku.com/articles/websockets#timeouts
 * @throws RouterError as rejection: H15
 */
export function tunnel(
  request: ProxiedRequest,
  { head, socket: dyno, rest }: Upgraded,
  options: { readonly clock: Clock; readonly deadlines: Deadlines; readonly timeouts: RealTimeouts },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = request.client.socket;
    let error: RouterError | undefined;
    const silence = new Silence(request, options.deadlines, () => {
      error = new RouterError('H15');
      dyno.destroy();
      client.destroy();
    });
    const touch = (): void => void silence.start(options.timeouts.idleWindow);
    const endClient = (): void => {
      request.client.lastAnswer();
      client.destroySoon();
    };
    const over = (): void => {
      client.off('finish', over).off('close', over);
      silence.stop();
      request.onInterrupt(undefined);
      endDyno(dyno, request.readAhead?.stop() ?? [], options.deadlines);
      if (error === undefined) resolve();
      else reject(error);
    };
    request.upgraded(options.clock.now());
    request.bytes = rest.length;
    request.onInterrupt(endClient);
    request.res.detachSocket(client);
    touch();
    client.on('data', touch).once('finish', over).once('close', over);
    dyno
      .on('data', (chunk: Buffer) => {
        touch();
        request.bytes += chunk.length;
      })
      .on('drain', () => {
        touch();
        request.readAhead?.drain();
      })
      .once('end', endClient)
      .once('close', endClient);
    client.write(informationForClient(head), 'latin1');
    client.write(rest);
    request.readAhead?.pipe({ write: (chunk) => dyno.write(chunk), end: () => {} });
    dyno.pipe(client, { end: false });
  });
}

/** The client has left: sends the dyno what remains, and gives it some time to close its side. */
function endDyno(dyno: Socket, left: readonly Buffer[], deadlines: Deadlines): void {
  if (dyno.destroyed) return;
  for (const chunk of left) dyno.write(chunk);
  const deadline = deadlines.after(LINGER_LIMITS.silenceMs, () => dyno.destroy());
  dyno.once('close', () => deadline.stop()).end();
  dyno.resume();
}
