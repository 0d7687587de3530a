import type { Duplex } from 'node:stream';
import { Writable } from 'node:stream';
import type { Session } from '../../apps/control.js';
import { UserError } from '../../base/errors.js';
import type { ControlClient } from '../client/control-client.js';
import { encodeFrame, type Frame, FrameReader, HAS_TERMINAL } from './protocol.js';

/**
 * Attaches to a dyno; one that waits for its client starts.
 * @throws UserError `CANNOT_ATTACH`, `NO_SUCH_DYNO`, `NO_PROCESS`
 * @throws the system's error if dynosim is not running: `ECONNREFUSED`
 */
export async function openRemoteSession(dyno: string, path: string, client: ControlClient): Promise<Session> {
  const { socket, headers } = await client.upgrade(path, 'dynosim-attach');
  return new Attached(dyno, socket, headers[HAS_TERMINAL] === 'true');
}

class Attached implements Session {
  readonly dyno: string;
  readonly output: AsyncIterable<Buffer>;
  readonly input: Writable;
  readonly status: Promise<number>;
  readonly hasTerminal: boolean;
  readonly #socket: Duplex;
  readonly #received: Buffer[] = [];
  #exit: (status: number) => void = () => {};
  #hasExited = false;
  #taken: () => void = () => {};

  constructor(dyno: string, socket: Duplex, hasTerminal: boolean) {
    this.dyno = dyno;
    this.hasTerminal = hasTerminal;
    this.#socket = socket;
    this.status = new Promise((resolve) => {
      this.#exit = resolve;
    });
    // The reader of the output notices that the connection has ended.
    socket.on('error', () => {});
    this.output = this.#read();
    this.input = new Writable({
      // The next chunk is sent when the dyno has read this one.
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

  interrupt(): void {
    this.#send({ kind: 'interrupt' });
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
        if (!reader.push(chunk)) break;
        yield* this.#received.splice(0);
      }
    } catch {
      // A broken connection is treated like a closed one.
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
