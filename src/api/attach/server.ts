import { once } from 'node:events';
import type { Duplex, Writable } from 'node:stream';
import type { Session } from '../../apps/control.js';
import { encodeFrame, type Frame, FrameReader } from './protocol.js';
import { isTerminalSize } from './terminal-size.js';

/** The protocol between a client and its one-off dyno. */
export interface Dialect {
  /** Begins to pass the client's input to the dyno. */
  takeInput(session: Session): void;
  /** Encodes output of the dyno. */
  output(data: Buffer): Iterable<Buffer>;
  /** Encodes the end of the dyno. */
  exit(status: number): Iterable<Buffer>;
  /** Resolves when the connection may be closed. */
  untilOver(): Promise<void>;
}

const UPGRADED = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: dynosim-attach',
  'Connection: Upgrade',
  '',
  '',
].join('\r\n');

/**
 * Connects dynosim's own client to its one-off dyno.
 * @param head bytes that the client has sent after its request
 */
export function serveAttachment(socket: Duplex, head: Buffer, session: Session): Promise<void> {
  socket.write(UPGRADED);
  if (head.length > 0) socket.unshift(head);
  return serve(socket, session, new Frames(socket));
}

/** Connects a client to a one-off dyno until the dyno ends; if the client leaves earlier, the dyno gets SIGHUP. */
export async function serve(socket: Duplex, session: Session, dialect: Dialect): Promise<void> {
  let isOver = false;
  const hangUp = (): void => {
    if (!isOver) session.signal?.('SIGHUP');
  };
  // Stdin ends with a frame or Ctrl-D; the end of the connection means that the client has left.
  socket.once('end', () => socket.destroy());
  socket.once('close', hangUp);
  // The client may have left while the dyno started.
  if (socket.destroyed) hangUp();
  dialect.takeInput(session);
  await sendOutput(session.output, socket, dialect);
  const status = await session.status;
  isOver = true;
  for (const data of dialect.exit(status)) socket.write(data);
  await dialect.untilOver();
  socket.end();
}

/** A client that does not read slows the dyno down. */
async function sendOutput(output: Session['output'], socket: Duplex, dialect: Dialect): Promise<void> {
  for await (const data of output) {
    for (const piece of dialect.output(data)) {
      if (!socket.destroyed && !socket.write(piece)) await untilRoom(socket);
    }
    if (socket.destroyed) return;
  }
}

async function untilRoom(stream: Writable): Promise<void> {
  const either = new AbortController();
  const { signal } = either;
  await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(() => {});
  either.abort();
}

/** Speaks in frames: see `Frame`. */
class Frames implements Dialect {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** A dyno that does not read slows the client down: it waits for `taken`. */
  takeInput(session: Session): void {
    const { input } = session;
    const taken = (): void => {
      if (this.#socket.writable) this.#socket.write(encodeFrame({ kind: 'taken' }));
    };
    const reader = new FrameReader((frame: Frame) => {
      if (frame.kind === 'data' && input.writable) input.write(frame.data, taken);
      if (frame.kind === 'end') input.end();
      if (frame.kind === 'resize' && isTerminalSize(frame)) session.resize(frame);
    });
    this.#socket.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) this.#socket.destroy();
    });
  }

  output(data: Buffer): Iterable<Buffer> {
    return [encodeFrame({ kind: 'data', data })];
  }

  exit(status: number): Iterable<Buffer> {
    return [encodeFrame({ kind: 'exit', status })];
  }

  async untilOver(): Promise<void> {}
}
