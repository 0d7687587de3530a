import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { Writable } from 'node:stream';
import type { Session } from '../../apps/control.js';
import { UserError } from '../../base/errors.js';
import { encodeFrame, type Frame, FrameReader } from './protocol.js';

/**
 * Attaches to a one-off dyno that waits for its client, which starts it.
 * @param api where the control API answers
 * @param url its `attach_url`, whose path is the id by which the API has it
 * @throws UserError `CANNOT_ATTACH`
 * @throws the system's error if nobody is there: `ECONNREFUSED`
 */
export async function attachTo(dyno: string, api: string, url: string, token: string): Promise<Session> {
  const { pathname } = new URL(url);
  return new Attached(dyno, await upgrade(dyno, new URL(`/dynosim/attach${pathname}`, api), token));
}

function upgrade(dyno: string, url: URL, token: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, Connection: 'Upgrade', Upgrade: 'dynosim-attach' };
    const asking = request(url, { agent: false, headers });
    asking.once('error', reject);
    asking.once('response', ({ statusCode }) =>
      reject(new UserError('CANNOT_ATTACH', `${dyno} cannot be attached to (status ${statusCode})`)),
    );
    asking.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.end();
  });
}

class Attached implements Session {
  readonly dyno: string;
  readonly output: AsyncIterable<Buffer>;
  readonly input: Writable;
  readonly status: Promise<number>;
  readonly #socket: Duplex;
  readonly #received: Buffer[] = [];
  #exit: (status: number) => void = () => {};
  #hasExited = false;
  #taken: () => void = () => {};

  constructor(dyno: string, socket: Duplex) {
    this.dyno = dyno;
    this.#socket = socket;
    this.status = new Promise((resolve) => {
      this.#exit = resolve;
    });
    // That it is over is noticed by whoever reads the output.
    socket.on('error', () => {});
    this.output = this.#read();
    this.input = new Writable({
      // The next piece is sent when the dyno has taken this one.
      write: (data: Buffer, _encoding, done) => {
        this.#taken = done;
        this.#send({ kind: 'data', data });
      },
      final: (done) => {
        this.#send({ kind: 'end' });
        done();
      },
    });
  }

  resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    this.#send({ kind: 'resize', columns, rows });
  }

  async close(): Promise<void> {
    this.#socket.destroy();
  }

  #send(frame: Frame): void {
    if (this.#socket.writable) this.#socket.write(encodeFrame(frame));
  }

  /** @throws UserError `DYNOSIM_GONE` */
  async *#read(): AsyncGenerator<Buffer> {
    const reader = new FrameReader((frame) => this.#onFrame(frame));
    try {
      for await (const chunk of this.#socket) {
        reader.push(chunk);
        yield* this.#received.splice(0);
      }
    } catch {
      // A connection that breaks is one that ends.
    }
    if (this.#hasExited) return;
    throw new UserError(
      'DYNOSIM_GONE',
      `The running dynosim is gone, and ${this.dyno} with it`,
      'Start it with "dynosim start".',
    );
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'data') this.#received.push(frame.data);
    if (frame.kind === 'taken') this.#taken();
    if (frame.kind === 'exit') {
      this.#hasExited = true;
      this.#exit(frame.status);
    }
  }
}
