import { Buffer } from 'node:buffer';

/**
 * What client and server say to each other once a client has attached to a one-off dyno, over an upgraded
 * connection: frames of a byte that says what it is, the length of what follows in four bytes, and that.
 */
export type Frame =
  /** From the client: what goes to stdin; from the server: output. */
  | { readonly kind: 'data'; readonly data: Buffer }
  /** From the client: stdin is over. */
  | { readonly kind: 'end' }
  /** From the client: its terminal has another size. */
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** From the server: the last frame. */
  | { readonly kind: 'exit'; readonly status: number }
  /**
   * From the server: the dyno has taken what the client sent, which may send more. A connection that is not read
   * would do as well, if it told when the client is gone.
   */
  | { readonly kind: 'taken' };

const KINDS = ['data', 'end', 'resize', 'exit', 'taken'] as const;
const HEAD_BYTES = 5;

export function encodeFrame(frame: Frame): Buffer {
  const payload = payloadOf(frame);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(KINDS.indexOf(frame.kind));
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

function payloadOf(frame: Frame): Buffer {
  switch (frame.kind) {
    case 'data':
      return frame.data;
    case 'end':
    case 'taken':
      return Buffer.alloc(0);
    case 'resize':
      return numbers(frame.columns, frame.rows);
    case 'exit':
      return numbers(frame.status);
  }
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

/** Takes bytes as they come and tells of each frame once it is whole. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws Error what came is no frame */
  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.#bytes.readUInt32BE(1);
      if (this.#bytes.length < end) return;
      const kind = this.#bytes.readUInt8();
      const payload = this.#bytes.subarray(HEAD_BYTES, end);
      this.#bytes = this.#bytes.subarray(end);
      this.#onFrame(readFrame(kind, payload));
    }
  }
}

function readFrame(kind: number, payload: Buffer): Frame {
  switch (KINDS[kind]) {
    case 'data':
      return { kind: 'data', data: payload };
    case 'end':
      return { kind: 'end' };
    case 'taken':
      return { kind: 'taken' };
    case 'resize':
      return { kind: 'resize', columns: payload.readUInt16BE(0), rows: payload.readUInt16BE(2) };
    case 'exit':
      return { kind: 'exit', status: payload.readUInt16BE(0) };
    default:
      throw new Error(`There is no frame of kind ${kind}`);
  }
}
