import type { ResponseHead } from '../dyno/response-parser.js';
import { joined, listedBy, lists } from '../headers.js';
import type { RequestFacts } from './request.js';

/** The facts about a request that decide how its response is framed. */
type RequestFraming = Pick<RequestFacts, 'method' | 'httpMinor'>;

/** The head of a response for the client. */
export interface ClientHead {
  /** Names and values alternate. Without `Connection`. */
  readonly headers: string[];
  /** The client can find the end of the response without the end of the connection. */
  readonly isFramed: boolean;
  /** False: the end of the dyno's response is ambiguous. */
  readonly isSound: boolean;
  /** `Keep-Alive: timeout` in ms: how long the dyno keeps the connection open; undefined without this header. */
  readonly dynoKeepAliveMs: number | undefined;
  readonly location: string | undefined;
}

/**
 * Response headers on their way to the client. Names, case, order and duplicates stay; hop-by-hop headers are removed.
 * `Via` and `Server` are as on Heroku. Heroku's Nel and Report-To headers are left out: they would make browsers report
 * this machine's errors to Heroku.
 * https://devcenter.heroku.com/articles/http-routing#heroku-headers
 */
export function headForClient(head: ResponseHead, request: RequestFraming): ClientHead {
  const read = new ResponseReader(head, request);
  const headers = read.headers;
  if (!read.hasServer) headers.push('Server', 'Heroku');
  headers.push('Via', joined(read.via, '1.1 heroku-router'));
  return {
    headers,
    isFramed: read.isFramed,
    isSound: read.isSound,
    dynoKeepAliveMs: read.keepAliveMs,
    location: read.location,
  };
}

/** A 1xx response for the client. A 101 keeps its hop-by-hop headers: they describe the upgrade. */
export function informationForClient(head: ResponseHead): string {
  let lines = '';
  const headers = head.status === 101 ? head.headers : endToEnd(head.headers);
  for (let i = 0; i < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n${lines}\r\n`;
}

/** Headers without hop-by-hop ones; names and values alternate. RFC 9110 7.6.1 */
function endToEnd(headers: readonly string[]): readonly string[] {
  const nameAt = (i: number): string => headers[i - (i % 2)]?.toLowerCase() ?? '';
  let connection = '';
  for (let i = 0; i < headers.length; i += 2)
    if (nameAt(i) === 'connection') connection = joined(connection, headers[i + 1]?.toLowerCase() ?? '');
  const oneHop = [
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    ...listedBy(connection),
  ];
  return headers.filter((_, i) => !oneHop.includes(nameAt(i)));
}

class ResponseReader {
  headers: string[] = [];
  hasServer = false;
  via = '';
  keepAliveMs: number | undefined;
  location: string | undefined;
  readonly #mayHaveBody: boolean;
  readonly #mayBeChunked: boolean;
  #connection = '';
  #codings = '';
  #hasLength = false;
  #hasTrailer = false;
  #coding: 'none' | 'chunked' | 'other' = 'none';

  constructor(head: ResponseHead, request: RequestFraming) {
    const isBodiless = head.status === 204 || head.status === 304;
    this.#mayHaveBody = request.method !== 'HEAD' && !isBodiless;
    this.#mayBeChunked = request.httpMinor === 1 && !isBodiless;
    const raw = head.headers;
    for (let i = 0; i < raw.length; i += 2) this.#read(raw[i] ?? '', raw[i + 1] ?? '');
    for (const name of listedBy(this.#connection)) this.#remove(name);
    if (this.#hasTrailer && this.#coding !== 'chunked') this.#remove('trailer');
  }

  /** Without a length, node:http sends chunks to HTTP/1.1 clients, unless the headers name another coding. */
  get isFramed(): boolean {
    return !this.#mayHaveBody || this.#hasLength || (this.#mayBeChunked && this.#coding !== 'other');
  }

  /** `chunked` marks the end of the body only if it is the last coding. RFC 9112 6.1 */
  get isSound(): boolean {
    return this.#codings === '' || !this.#codings.replace(/(?:^|,[ \t]*)chunked$/, '').includes('chunked');
  }

  #read(name: string, value: string): void {
    switch (name.toLowerCase()) {
      case 'connection':
        this.#connection = joined(this.#connection, value.toLowerCase());
        return;
      case 'keep-alive':
        this.keepAliveMs = timeoutOf(value);
        return;
      case 'proxy-connection':
        return;
      case 'via':
        this.via = joined(this.via, value);
        return;
      case 'transfer-encoding':
        this.#codings = joined(this.#codings, value.toLowerCase());
        // An HTTP/1.0 client gets the plain body, which ends with the connection.
        if (!this.#mayBeChunked) return;
        this.#coding = lists(this.#codings, 'chunked') ? 'chunked' : 'other';
        break;
      case 'content-length':
        this.#hasLength = true;
        break;
      case 'trailer':
        this.#hasTrailer = true;
        break;
      case 'location':
        this.location = value;
        break;
      case 'server':
        this.hasServer = true;
        break;
      case 'content-disposition':
        // After Content-Length, node:http would recode a non-ASCII file name, so this header goes first.
        if (/[^\x20-\x7e]/.test(value)) {
          this.headers.unshift(name, value);
          return;
        }
        break;
    }
    this.headers.push(name, value);
  }

  #remove(lowerName: string): void {
    const { headers } = this;
    this.headers = headers.filter((_, i) => headers[i - (i % 2)]?.toLowerCase() !== lowerName);
  }
}

function timeoutOf(keepAlive: string): number | undefined {
  const [, seconds] = /(?:^|[,\s])timeout=(\d+)/i.exec(keepAlive) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
