import { createRequire } from 'node:module';

/**
 * llhttp, the parser of Node itself, in the WebAssembly build that undici carries: the one door to undici.
 * Nothing here knows what a response is. Why not undici's own client: docs/adr/0002-router-engine.md.
 */

/** What llhttp tells while it parses. The results are its own: 0 goes on, -1 stops with an error. */
export interface LlhttpCallbacks {
  onBegin(): number;
  onReason(text: string): number;
  onName(text: string): number;
  onValue(text: string): number;
  /** 1: no body follows, whatever the headers say (an answer to HEAD). */
  onHeadComplete(status: number, keepAlive: boolean): number;
  /** A view into the chunk being parsed. */
  onBody(chunk: Buffer): number;
  onComplete(): number;
}

/** A parser inside the WebAssembly module. */
export type LlhttpPointer = number;

/** How parsing a chunk can end. https://github.com/nodejs/llhttp, `llhttp_errno_t`. */
export const EXECUTED = {
  ok: 0,
  unexpectedContentLength: 4,
  invalidContentLength: 11,
  upgraded: 22,
} as const;

const TYPE_RESPONSE = 2;
const STOP = -1;

/** The functions of the WebAssembly module that are used here. Pointers are numbers. */
interface LlhttpExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(pointer: number): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
}

/** TypeScript has the type of this global only together with a browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: LlhttpExports };
};

/** Not an `import`: a bundler would take the module in, and turn a millisecond's load into forty. */
function loadWasm(): Uint8Array {
  const require = createRequire(import.meta.url);
  return require('undici/lib/llhttp/llhttp-wasm.js');
}

const SMALL_CHUNK_BYTES = 4096;

/** One instance of the module; parsers share it, as only one of them is busy at any time. */
export class Llhttp {
  readonly #wasm: LlhttpExports;
  #input = 0;
  #inputBytes = 0;
  #memory = new Uint8Array(0);
  #chunk: Buffer = Buffer.alloc(0);
  #chunkText: string | undefined;
  #busy: LlhttpCallbacks | undefined;

  /** Takes about a millisecond. */
  constructor() {
    const module = new WebAssembly.Module(loadWasm());
    this.#wasm = new WebAssembly.Instance(module, { env: this.#callbacks() }).exports;
  }

  /** What the module calls. The first argument is the parser's pointer: always that of the busy one. */
  #callbacks() {
    return {
      wasm_on_message_begin: () => this.#busy?.onBegin() ?? STOP,
      wasm_on_url: () => EXECUTED.ok,
      wasm_on_status: (_: number, at: number, length: number) =>
        this.#busy?.onReason(this.#text(at, length)) ?? STOP,
      wasm_on_header_field: (_: number, at: number, length: number) =>
        this.#busy?.onName(this.#text(at, length)) ?? STOP,
      wasm_on_header_value: (_: number, at: number, length: number) =>
        this.#busy?.onValue(this.#text(at, length)) ?? STOP,
      wasm_on_headers_complete: (_: number, status: number, _upgrade: number, keepAlive: number) =>
        this.#busy?.onHeadComplete(status, keepAlive === 1) ?? STOP,
      wasm_on_body: (_: number, at: number, length: number) =>
        this.#busy?.onBody(this.#chunk.subarray(at - this.#input, at - this.#input + length)) ?? STOP,
      wasm_on_message_complete: () => this.#busy?.onComplete() ?? STOP,
    };
  }

  /** Part of the chunk. A chunk usually has a whole head: it is made a string once, and its parts are slices. */
  #text(at: number, length: number): string {
    const start = at - this.#input;
    if (this.#chunk.length > SMALL_CHUNK_BYTES) return this.#chunk.toString('latin1', start, start + length);
    this.#chunkText ??= this.#chunk.toString('latin1');
    return this.#chunkText.slice(start, start + length);
  }

  alloc(): LlhttpPointer {
    return this.#wasm.llhttp_alloc(TYPE_RESPONSE);
  }

  free(parser: LlhttpPointer): void {
    this.#wasm.llhttp_free(parser);
  }

  /** Parses a chunk; the callbacks happen before this returns. One of `EXECUTED`, or another error. */
  execute(parser: LlhttpPointer, callbacks: LlhttpCallbacks, chunk: Buffer): number {
    this.#fill(chunk);
    this.#begin(callbacks);
    try {
      return this.#wasm.llhttp_execute(parser, this.#input, chunk.length);
    } finally {
      this.#busy = undefined;
    }
  }

  /** The input is over. */
  finish(parser: LlhttpPointer, callbacks: LlhttpCallbacks): number {
    this.#begin(callbacks);
    try {
      return this.#wasm.llhttp_finish(parser);
    } finally {
      this.#busy = undefined;
    }
  }

  /** Where in the last chunk parsing stopped. */
  stoppedAt(parser: LlhttpPointer): number {
    return this.#wasm.llhttp_get_error_pos(parser) - this.#input;
  }

  /** Why parsing failed: a fixed text, such as `Invalid header token`, with none of the dyno's bytes in it. */
  errorReason(parser: LlhttpPointer): string {
    const start = this.#wasm.llhttp_get_error_reason(parser);
    const memory = Buffer.from(this.#wasm.memory.buffer);
    return memory.toString('latin1', start, memory.indexOf(0, start));
  }

  #begin(callbacks: LlhttpCallbacks): void {
    if (this.#busy !== undefined) throw new Error('A response was parsed inside another');
    this.#busy = callbacks;
  }

  /** Copies the chunk to where WebAssembly can see it. */
  #fill(chunk: Buffer): void {
    if (chunk.length > this.#inputBytes) {
      if (this.#inputBytes > 0) this.#wasm.free(this.#input);
      this.#inputBytes = Math.max(chunk.length, 64 * 1024);
      this.#input = this.#wasm.malloc(this.#inputBytes);
    }
    // Once the memory has grown, its buffer is another one.
    const { buffer } = this.#wasm.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    this.#memory.set(chunk, this.#input);
    this.#chunk = chunk;
    this.#chunkText = undefined;
  }
}
