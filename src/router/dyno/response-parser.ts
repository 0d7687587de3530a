import { RESPONSE_LIMITS } from '../limits.js';
import { EXECUTED, type Llhttp, type LlhttpCallbacks, type LlhttpPointer } from './llhttp.js';

/** Status line and headers of a response, 1xx included. */
export interface ResponseHead {
  readonly status: number;
  /** The reason phrase, which may be empty. */
  readonly reason: string;
  /** Names and values alternate, as the dyno sent them. */
  readonly headers: readonly string[];
  /** Whether the dyno allows another request on the connection. */
  readonly keepAlive: boolean;
}

export interface ResponseEvents {
  onHead(head: ResponseHead): void;
  /** @param chunk a view into the chunk given to `execute` */
  onBody(chunk: Buffer): void;
  /** The end of the response, or of a 1xx head. Names and values of trailers alternate. */
  onEnd(trailers: readonly string[]): void;
}

/** Heroku's names for broken limits. */
type BrokenLimit =
  | 'oversized status line'
  | 'oversized header'
  | 'oversized cookie'
  | 'invalid content length';

export type ResponseFault =
  | { readonly code: 'H17'; readonly detail: string }
  | { readonly code: 'H25'; readonly detail: BrokenLimit };

export type Parsed =
  | { readonly kind: 'ok' }
  /** After a 101: `rest` belongs to the other protocol. */
  | { readonly kind: 'upgraded'; readonly rest: Buffer }
  | { readonly kind: 'fault'; readonly fault: ResponseFault };

// Results of llhttp's callbacks.
const GO_ON = 0;
const NO_BODY = 1;
const STOP = -1;

const PARSED_OK: Parsed = { kind: 'ok' };

/** Parses the responses of one connection. Must be freed. */
export class ResponseParser implements LlhttpCallbacks {
  readonly #llhttp: Llhttp;
  readonly #pointer: LlhttpPointer;
  readonly #events: ResponseEvents;
  #expected: 'none' | 'head only' | 'response' = 'none';
  #status = 0;
  #reason = '';
  #headers: string[] = [];
  #headBytes = 0;
  #fault: ResponseFault | undefined;

  constructor(llhttp: Llhttp, events: ResponseEvents) {
    this.#llhttp = llhttp;
    this.#pointer = llhttp.alloc();
    this.#events = events;
  }

  /** To be called for each request: a response without a request is a fault. */
  expect(what: 'head only' | 'response'): void {
    this.#expected = what;
  }

  /** Parses a chunk, and emits its events synchronously. */
  execute(chunk: Buffer): Parsed {
    const result = this.#llhttp.execute(this.#pointer, this, chunk);
    if (result !== EXECUTED.upgraded) return this.#verdict(result);
    return { kind: 'upgraded', rest: chunk.subarray(this.#llhttp.stoppedAt(this.#pointer)) };
  }

  /** The dyno has closed its side, which may end a response. */
  finish(): Parsed {
    return this.#verdict(this.#llhttp.finish(this.#pointer, this));
  }

  /** Must not be called from an event. */
  free(): void {
    this.#llhttp.free(this.#pointer);
  }

  #verdict(result: number): Parsed {
    if (result === EXECUTED.ok) return PARSED_OK;
    return { kind: 'fault', fault: this.#fault ?? this.#parsersFault(result) };
  }

  #parsersFault(result: number): ResponseFault {
    const isLength = result === EXECUTED.invalidContentLength || result === EXECUTED.unexpectedContentLength;
    if (isLength) return { code: 'H25', detail: 'invalid content length' };
    return { code: 'H17', detail: this.#llhttp.errorReason(this.#pointer) };
  }

  onBegin(): number {
    return this.#expected === 'none' ? this.#malformed('Not asked for') : GO_ON;
  }

  onReason(text: string): number {
    this.#reason += text;
    // "HTTP/1.1 200 " is 13 bytes.
    return this.#reason.length + 13 > RESPONSE_LIMITS.statusLineBytes
      ? this.#stop('oversized status line')
      : GO_ON;
  }

  onName(text: string): number {
    const headers = this.#headers;
    if (headers.length % 2 === 1) headers.push((headers.pop() ?? '') + text);
    else headers.push(text);
    return this.#checkSize(text.length);
  }

  onValue(text: string): number {
    const headers = this.#headers;
    if (headers.length % 2 === 1) headers.push(text);
    else headers.push((headers.pop() ?? '') + text);
    return this.#checkSize(text.length);
  }

  #checkSize(added: number): number {
    const { headerLineBytes, setCookieLineBytes, headBytes } = RESPONSE_LIMITS;
    this.#headBytes += added;
    // A line cannot be too long before the whole head is; 2 is the length of ": ", which is not counted.
    if (this.#headBytes + 2 <= setCookieLineBytes) return GO_ON;
    const headers = this.#headers;
    const nameAt = headers.length % 2 === 1 ? headers.length - 1 : headers.length - 2;
    const name = headers[nameAt] ?? '';
    const lineBytes = name.length + 2 + (headers[nameAt + 1]?.length ?? 0);
    if (lineBytes > setCookieLineBytes && name.toLowerCase() === 'set-cookie')
      return this.#stop('oversized cookie');
    if (lineBytes > headerLineBytes || this.#headBytes > headBytes) return this.#stop('oversized header');
    return GO_ON;
  }

  onHeadComplete(status: number, keepAlive: boolean): number {
    // llhttp accepts these, but node:http would throw when it sends them.
    if (status < 100) return this.#malformed('Status code below 100');
    if (/[^\t\x20-\x7e\x80-\xff]/.test(this.#reason))
      return this.#malformed('Control character in the reason phrase');
    this.#status = status;
    this.#events.onHead({ status, reason: this.#reason, headers: this.#takeHeaders(), keepAlive });
    return this.#expected === 'head only' ? NO_BODY : GO_ON;
  }

  onBody(chunk: Buffer): number {
    this.#events.onBody(chunk);
    return GO_ON;
  }

  onComplete(): number {
    if (this.#status >= 200) this.#expected = 'none';
    this.#events.onEnd(this.#takeHeaders());
    return GO_ON;
  }

  /** Returns the headers so far, and begins a new list for another head or trailers. */
  #takeHeaders(): readonly string[] {
    const headers = this.#headers;
    this.#reason = '';
    this.#headers = [];
    this.#headBytes = 0;
    // llhttp leaves white space at the end of values.
    for (let i = 1; i < headers.length; i += 2) headers[i] = trimEnd(headers[i] ?? '');
    return headers;
  }

  #stop(detail: BrokenLimit): number {
    this.#fault = { code: 'H25', detail };
    return STOP;
  }

  #malformed(detail: string): number {
    this.#fault = { code: 'H17', detail };
    return STOP;
  }
}

function trimEnd(value: string): string {
  // Faster for the usual value, which has none.
  return value.endsWith(' ') || value.endsWith('\t') ? value.replace(/[ \t]+$/, '') : value;
}
