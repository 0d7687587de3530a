import { once } from 'node:events';
import type { Duplex, Writable } from 'node:stream';
import type { Session } from '../../apps/control.js';
import { encodeFrame, type Frame, FrameReader, HAS_TERMINAL } from './protocol.js';
import { isTerminalSize } from './terminal-size.js';

/** The protocol between a client and a dyno. */
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

const upgraded = ({ hasTerminal }: Session): string =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: dynosim-attach',
    'Connection: Upgrade',
    `${HAS_TERMINAL}: ${hasTerminal}`,
    '',
    '',
  ].join('\r\n');

/**
 * Connects dynosim's own client to a dyno.
 * @param head bytes that the client has sent after its request
 */
export function serveAttachment(socket: Duplex, head: Buffer, session: Session): Promise<void> {
  socket.write(upgraded(session));
  if (head.length > 0) socket.unshift(head);
  return serve(socket, session, new Frames(socket));
}

/** Connects a client to a dyno until the dyno ends, or the client leaves. */
export async function serve(socket: Duplex, session: Session, dialect: Dialect): Promise<void> {
  const leave = (): void => void session.close();
  // Stdin ends with a frame or Ctrl-D; the end of the connection means that the client has left.
  socket.once('end', () => socket.destroy());
  socket.once('close', leave);
  // The client may have left while the dyno started.
  if (socket.destroyed) leave();
  dialect.takeInput(session);
  await sendOutput(session.output, socket, dialect);
  if (socket.destroyed) return;
  const status = await session.status;
  for (const data of dialect.exit(status)) socket.write(data);
  await dialect.untilOver();
  socket.end();
}

/** Sends the output no faster than the client reads it. */
async function sendOutput(output: Session['output'], socket: Duplex, dialect: Dialect): Promise<void> {
  try {
    for await (const data of output) {
      for (const piece of dialect.output(data)) {
        if (!socket.destroyed && !socket.write(piece)) await untilRoom(socket);
      }
      if (socket.destroyed) return;
    }
  } catch (error) {
    // Leaving the session destroys its output.
    if (!socket.destroyed) throw error;
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
      if (frame.kind === 'interrupt') session.interrupt();
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
