import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

type Callback = (error?: Error | null) => void;

/** What sockets read into. What is in it is dealt with before the next read, so all can share one. */
export const READ_BUFFER_BYTES = 64 * 1024;

/**
 * A socket to a dyno, not connected yet.
 * @param buffer shared
 */
export function createDynoSocket(buffer: Buffer): DynoSocket {
  const onread: OnReadOpts = { buffer, callback: (bytes) => socket.onRead(buffer.subarray(0, bytes)) };
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { onread };
  const socket = new DynoSocket(options);
  return socket.setNoDelay();
}

/**
 * Differs from an ordinary socket in two ways:
 *
 * Reading makes no new buffer each time. `onRead` gets a view that is valid until it returns; it says whether to
 * read on. By itself, it makes an ordinary stream of what comes.
 *
 * Writing never fails. Some dynos answer before they have read a whole upload, and close the connection: what is
 * written then is an error, and a socket would be destroyed with the answer unread in it. That the other side has
 * gone is found by reading too, behind the answer.
 */
export class DynoSocket extends Socket {
  onRead: (view: Buffer) => boolean = this.readAsStream;

  readAsStream(view: Buffer): boolean {
    return this.push(Buffer.from(view));
  }

  override _write(chunk: unknown, encoding: BufferEncoding, callback: Callback): void {
    super._write(chunk, encoding, () => callback());
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], callback: Callback): void {
    super._writev?.(chunks, () => callback());
  }
}
