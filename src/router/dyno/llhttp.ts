/**
 * llhttp, Node's own parser, in undici's WebAssembly build. Only this file imports undici.
 * docs/adr/0002-router-engine.md explains why the router does not use undici's client.
 */

/** Callbacks while llhttp parses. They return 0 to continue, -1 to stop with an error. */
export interface LlhttpCallbacks {
  onBegin(): number;
  onReason(text: string): number;
  onName(text: string): number;
  onValue(text: string): number;
  /** Returns 1 if no body follows, whatever the headers say (a response to HEAD). */
  onHeadComplete(status: number, keepAlive: boolean): number;
  /** A view into the chunk being parsed. */
  onBody(chunk: Buffer): number;
  onComplete(): number;
}

/** A parser inside the WebAssembly module. */
export type LlhttpPointer = number;

/** Results of parsing a chunk. https://github.com/nodejs/llhttp, `llhttp_errno_t`. */
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

/** TypeScript declares this global only in its browser library. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: LlhttpExports };
};

/** Not an `import`: a bundler would include the module, which would then take 40 ms to load instead of 1. */
function loadWasm(): Uint8Array {
  const { createRequire } = process.getBuiltinModule('node:module');
  const require = createRequire(import.meta.url);
  return require('undici/lib/llhttp/llhttp-wasm.js');
}

const SMALL_CHUNK_BYTES = 4096;

/** One instance of the module. Parsers share it, because only one parses at a time. */
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

  /** The functions that the module calls. Their first argument is the busy parser's pointer. */
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

  /** Text from the chunk. A small chunk, usually a whole head, becomes a string once, which is then sliced. */
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

  /** Parses a chunk, and calls the callbacks synchronously. Returns one of `EXECUTED`, or another llhttp error. */
  execute(parser: LlhttpPointer, callbacks: LlhttpCallbacks, chunk: Buffer): number {
    this.#fill(chunk);
    this.#begin(callbacks);
    try {
      return this.#wasm.llhttp_execute(parser, this.#input, chunk.length);
    } finally {
      this.#busy = undefined;
    }
  }

  /** Parses the end of the input. */
  finish(parser: LlhttpPointer, callbacks: LlhttpCallbacks): number {
    this.#begin(callbacks);
    try {
      return this.#wasm.llhttp_finish(parser);
    } finally {
      this.#busy = undefined;
    }
  }

  /** The position in the last chunk at which parsing stopped. */
  stoppedAt(parser: LlhttpPointer): number {
    return this.#wasm.llhttp_get_error_pos(parser) - this.#input;
  }

  /** Why parsing failed: a fixed text, such as `Invalid header token`, without the dyno's bytes. */
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
    // Growing the memory replaces its buffer.
    const { buffer } = this.#wasm.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    this.#memory.set(chunk, this.#input);
    this.#chunk = chunk;
    this.#chunkText = undefined;
  }
}
