import { Buffer } from 'node:buffer';

/** The header by which the response to an upgrade says whether the command has a terminal of its own. */
export const HAS_TERMINAL = 'dynosim-has-terminal';

/**
 * A frame on the upgraded connection between a client and a dyno: a byte with the kind, four bytes with the
 * length of the payload, and the payload.
 */
export type Frame =
  /** From the client: stdin; from the server: output. */
  | { readonly kind: 'data'; readonly data: Buffer }
  /** From the client: the end of stdin. */
  | { readonly kind: 'end' }
  /** From the client: the new size of its terminal. */
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** From the server: the last frame. */
  | { readonly kind: 'exit'; readonly status: number }
  /**
   * From the server: the dyno has read a `data` frame, and the client may send the next. (Not reading the connection
   * would also slow the client down, but hide that it has left.)
   */
  | { readonly kind: 'taken' }
  /** From the client: SIGINT for the processes of the dyno. */
  | { readonly kind: 'interrupt' };

const KINDS = ['data', 'end', 'resize', 'exit', 'taken', 'interrupt'] as const;
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
    case 'interrupt':
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

/** Calls `onFrame` with each complete frame. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Returns false once the input is not a frame: there is no way to read on. */
  push(chunk: Buffer): boolean {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.#bytes.readUInt32BE(1);
      if (this.#bytes.length < end) return true;
      const frame = readFrame(this.#bytes.readUInt8(), this.#bytes.subarray(HEAD_BYTES, end));
      if (!frame) return false;
      this.#bytes = this.#bytes.subarray(end);
      this.#onFrame(frame);
    }
    return true;
  }
}

function readFrame(kind: number, payload: Buffer): Frame | undefined {
  switch (KINDS[kind]) {
    case 'data':
      return { kind: 'data', data: payload };
    case 'end':
      return { kind: 'end' };
    case 'taken':
      return { kind: 'taken' };
    case 'interrupt':
      return { kind: 'interrupt' };
    case 'resize':
      if (payload.length < 4) return undefined;
      return { kind: 'resize', columns: payload.readUInt16BE(0), rows: payload.readUInt16BE(2) };
    case 'exit':
      if (payload.length < 2) return undefined;
      return { kind: 'exit', status: payload.readUInt16BE(0) };
    default:
      return undefined;
  }
}
