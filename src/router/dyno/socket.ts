import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

type Callback = (error?: Error | null) => void;

/** All sockets read into one buffer, because each read is processed before the next one. */
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
 * Reads share a buffer. `onRead` gets a view that is valid until it returns, and returns whether to read on. By
 * default, it feeds the stream as usual.
 *
 * Writes never fail. Some dynos respond before they have read a whole upload, and close the connection. The next write
 * would fail, and destroy the socket before the response is read. Reading, too, shows that the dyno has closed, but
 * after the response.
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
