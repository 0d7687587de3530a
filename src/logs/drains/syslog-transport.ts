import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Cancel, Clock } from '../../base/clock.js';
import type { Batch } from './batch.js';
import { reason, unreachableBy } from './connection-error.js';
import type { Delivery, Transport } from './transport.js';
import type { SyslogTarget } from './url.js';

/** https://github.com/heroku/logplex: src/logplex_tcpsyslog_drain.erl, src/logplex.app.src */
const CONNECT_MS = 4000;
const SEND_MS = 4000;
const KEEP_OPEN_MS = 240_000;
const MAX_AGE_MS = 5 * 60 * 60_000;

export interface SyslogTransportOptions {
  readonly target: SyslogTarget;
  /** Real time. */
  readonly clock: Clock;
  /** Called when an idle connection ends. */
  onLost(): void;
}

/** Writes batches to a lasting TCP or TLS connection. What the system accepts counts as delivered. */
export class SyslogTransport implements Transport {
  readonly #options: SyslogTransportOptions;
  #socket: Socket | undefined;
  #isInUse = false;
  #connectedAt = 0;
  #cancelClosing: Cancel = () => {};

  constructor(options: SyslogTransportOptions) {
    this.#options = options;
  }

  async send({ body }: Batch): Promise<Delivery> {
    this.#cancelClosing();
    this.#isInUse = true;
    const outcome = await this.#deliver(body);
    this.#isInUse = false;
    this.#keep();
    return outcome;
  }

  close(): void {
    this.#disconnect();
  }

  async #deliver(body: Buffer): Promise<Delivery> {
    try {
      if (!this.#socket) await this.#connect();
    } catch (error) {
      this.#disconnect();
      return unreachableBy(error);
    }
    try {
      await this.#write(body);
      return { is: 'delivered' };
    } catch (error) {
      this.#disconnect();
      return { is: 'failed', why: reason(error) };
    }
  }

  /** Keeps the connection open for a while. */
  #keep(): void {
    const { clock } = this.#options;
    if (!this.#socket) return;
    const isOld = clock.now() - this.#connectedAt >= MAX_AGE_MS;
    if (isOld) this.#disconnect();
    else this.#cancelClosing = clock.after(KEEP_OPEN_MS, () => this.#disconnect());
  }

  #disconnect(): void {
    this.#cancelClosing();
    const socket = this.#socket;
    this.#socket = undefined;
    // Unread data would keep the connection open.
    if (this.#isInUse) socket?.destroy();
    else socket?.destroySoon();
  }

  async #connect(): Promise<void> {
    const { target, clock, onLost } = this.#options;
    const socket = open(target);
    this.#socket = socket;
    socket.on('error', () => {});
    // A receiver sends nothing, but reading shows when it closes the connection.
    socket.resume();
    socket.once('close', () => {
      if (this.#socket !== socket || this.#isInUse) return;
      this.#socket = undefined;
      this.#cancelClosing();
      onLost();
    });
    await within({ socket, clock, ms: CONNECT_MS, what: 'connection' }, (done) => {
      socket.once(target.isTls ? 'secureConnect' : 'connect', done);
    });
    this.#connectedAt = clock.now();
  }

  async #write(body: Buffer): Promise<void> {
    const socket = this.#socket;
    if (!socket) throw new Error('the connection was closed');
    await within({ socket, clock: this.#options.clock, ms: SEND_MS, what: 'progress' }, (done) => {
      socket.write(body, done);
    });
  }
}

function open({ host, port, isTls, isVerified }: SyslogTarget): Socket {
  if (!isTls) return connectTcp({ host, port });
  // An address must not be sent as a server name (SNI).
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, rejectUnauthorized: isVerified, ...name });
}

interface Wait {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly ms: number;
  /** What is expected, for the error message. */
  readonly what: string;
}

/** Resolves when the operation is done; rejects if it takes too long, or the connection ends first. */
function within(
  { socket, clock, ms, what }: Wait,
  start: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      cancel();
      socket.off('error', done).off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = (): void => done(new Error('the receiver closed the connection'));
    const cancel = clock.after(ms, () => done(new Error(`no ${what} within ${ms / 1000} seconds`)));
    socket.once('error', done).once('close', onClose);
    start(done);
  });
}
