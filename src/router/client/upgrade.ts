import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.js';
import type { RealTimeouts } from '../../base/limits.js';
import type { Deadlines } from '../deadlines.js';
import type { ResponseHead } from '../dyno/response-parser.js';
import { RouterError } from '../errors.js';
import type { Visit } from '../visit.js';
import { informationForClient } from './response.js';

/** What a client sends before it is answered is kept up to this size; then it has to wait. */
const EARLY_BYTES = 64 * 1024;

/**
 * The connection of a client that asks for another protocol, until it is answered: what comes already is kept,
 * and somebody notices if the client leaves.
 */
export class UpgradeSocket {
  readonly socket: Socket;
  readonly #early: Buffer[];
  #bytes: number;

  /** @param head what came with the head of the request */
  constructor(socket: Socket, head: Buffer) {
    this.socket = socket;
    this.#early = [head];
    this.#bytes = head.length;
    socket.on('error', () => {}); // 'close' follows
    socket.on('data', this.#onData).on('end', this.#onEnd);
  }

  /** Stops reading; what was read. */
  takeEarly(): Buffer {
    this.socket.off('data', this.#onData).off('end', this.#onEnd).pause();
    return Buffer.concat(this.#early);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#early.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > EARLY_BYTES) this.socket.pause();
  };

  readonly #onEnd = (): void => void this.socket.destroy();
}

/**
 * A request with a body cannot be upgraded here: node:http has let go of the connection and would not read the
 * body. Some clients ask all the same (Java's, for HTTP/2), and RFC 9110 7.8 allows to ignore it. What was read is
 * put back, without the question, as the connection's last request: newer versions of Node can do no more than that.
 * The socket is as it was when it was accepted.
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
 * Pipes bytes both ways once a dyno has answered 101, until both sides have closed. Silence of both for the idle
 * window ends it: https://devcenter.heroku.com/articles/websockets#timeouts
 * @throws RouterError as rejection: H15
 */
export function tunnel(
  visit: Visit,
  { head, socket: dyno, rest }: Upgraded,
  options: { readonly clock: Clock; readonly deadlines: Deadlines; readonly timeouts: RealTimeouts },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = visit.client.socket;
    const early = visit.upgrade?.takeEarly() ?? Buffer.alloc(0);
    const sides = [client, dyno];
    const end = (): void => {
      for (const side of sides) side.destroySoon();
    };
    let isIdle = false;
    const silence = options.deadlines.create(() => {
      isIdle = true;
      for (const side of sides) side.destroy();
    });
    const touch = (): void => void silence.start(options.timeouts.idleWindow);
    const onClose = (): void => {
      end();
      if (!sides.every((side) => side.closed)) return;
      silence.stop();
      visit.onInterrupt(undefined);
      if (isIdle) reject(new RouterError('H15'));
      else resolve();
    };
    touch();
    visit.answered(101, options.clock.now());
    visit.bytes = rest.length;
    visit.onInterrupt(end);
    visit.res.detachSocket(client);
    for (const side of sides) side.on('data', touch).once('close', onClose);
    dyno.on('data', (chunk: Buffer) => {
      visit.bytes += chunk.length;
    });
    client.write(informationForClient(head), 'latin1');
    client.write(rest);
    dyno.write(early);
    client.pipe(dyno).pipe(client);
  });
}
