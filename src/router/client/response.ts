import type { ResponseHead } from '../dyno/response-parser.js';
import { joined, listedBy, lists } from '../headers.js';
import type { RequestFacts } from './request.js';

/** What of a request decides how its answer may look. */
type RequestLine = Pick<RequestFacts, 'method' | 'httpMinor'>;

/** The head of a dyno's answer as the client gets it. */
export interface ClientHead {
  /** Names and values in turn, but for `Connection`. */
  readonly headers: string[];
  /** The client can tell where this response ends without the connection's end. */
  readonly isFramed: boolean;
  /** False: nobody can say for sure where the dyno ends this response. */
  readonly isSound: boolean;
  /** `Keep-Alive: timeout` in ms: how long the dyno keeps the connection open; undefined if it does not say. */
  readonly dynoKeepAliveMs: number | undefined;
  /** Of a redirect. */
  readonly location: string | undefined;
}

/**
 * Response headers on their way to the client: names, case, order and duplicates stay; what is for one hop only is
 * taken out. `Via` and `Server` are Heroku's. Its Nel and Report-To headers are left out: they would make browsers
 * report this machine's errors to Heroku.
 * https://devcenter.heroku.com/articles/http-routing#heroku-headers
 */
export function headForClient(head: ResponseHead, request: RequestLine): ClientHead {
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

/** A 1xx response as the client gets it. A 101 is about the connection itself: nothing of it is taken out. */
export function informationForClient(head: ResponseHead): string {
  let lines = '';
  const headers = head.status === 101 ? head.headers : endToEnd(head.headers);
  for (let i = 0; i < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n${lines}\r\n`;
}

/** Names and values in turn, without what is for one hop only. RFC 9110 7.6.1 */
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

  constructor(head: ResponseHead, request: RequestLine) {
    const isBodiless = head.status === 204 || head.status === 304;
    this.#mayHaveBody = request.method !== 'HEAD' && !isBodiless;
    this.#mayBeChunked = request.httpMinor === 1 && !isBodiless;
    const raw = head.headers;
    for (let i = 0; i < raw.length; i += 2) this.#read(raw[i] ?? '', raw[i + 1] ?? '');
    for (const name of listedBy(this.#connection)) this.#remove(name);
    if (this.#hasTrailer && this.#coding !== 'chunked') this.#remove('trailer');
  }

  /** Without a length, node:http sends chunks to HTTP/1.1 clients, unless it is told of some other coding. */
  get isFramed(): boolean {
    return !this.#mayHaveBody || this.#hasLength || (this.#mayBeChunked && this.#coding !== 'other');
  }

  /** `chunked` says where the body ends, but as the last coding only. RFC 9112 6.1 */
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
        // An older client gets the body as it comes, up to the connection's end.
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
        // Behind Content-Length node:http would recode a name that is not ASCII: it goes in front.
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
