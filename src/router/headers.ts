import { crypto } from '../base/crypto.js';
import { REQUEST_LIMITS } from './limits.js';

/**
 * Request headers on their way to a dyno. Names, case, order and duplicates stay as the client sent them; hop-by-hop
 * headers are removed, and Heroku's headers are added at the end.
 * https://devcenter.heroku.com/articles/http-routing#heroku-headers
 */

/** The client of a request, and the port and protocol it used. */
export interface ClientAddress {
  readonly address: string;
  /** The router's own port, as in the client's URL. */
  readonly port: number;
  readonly protocol: 'http' | 'https';
}

/** Reads the headers of a request in one pass. */
export class HeaderReader {
  hosts = 0;
  host = '';
  /** The number of Transfer-Encoding headers. */
  codings = 0;
  body: 'none' | 'sized' | 'chunked' = 'none';
  /** In lower case, as is `expect`. */
  connection = '';
  expect = '';
  upgrade = '';
  requestId = '';
  forwardedFor = '';
  via = '';
  userAgent = '';
  /** The header lines for the dyno. */
  lines = '';
  /** The last problem found; empty if there is none. */
  problem = '';

  constructor(raw: readonly string[]) {
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i] ?? '';
      const value = raw[i + 1] ?? '';
      if (this.#read(name, value)) this.lines += `${name}: ${value}\r\n`;
      this.#checkSize(name.length, value.length);
    }
    if (raw.length > 2 * REQUEST_LIMITS.headers) this.problem = 'too many headers';
    this.lines = without(this.lines, listedBy(this.connection));
    // Do not ask a dyno for an upgrade that is impossible.
    if (this.upgrade !== '' && (this.body !== 'none' || isH2c(this.upgrade)))
      this.lines = without(this.lines, ['upgrade']);
  }

  /** The header lines for the dyno, with this host. */
  linesFor(host: string): string {
    return host === this.host ? this.lines : `Host: ${host}\r\n${without(this.lines, ['host'])}`;
  }

  /** Returns whether the header goes to the dyno unchanged. */
  #read(name: string, value: string): boolean {
    switch (name.toLowerCase()) {
      case 'host':
        this.hosts += 1;
        this.host = value;
        return true;
      case 'content-length':
        // Node has refused a value that is not a number, a second one, and one together with Transfer-Encoding.
        if (!/^0+$/.test(value)) this.body = 'sized';
        return true;
      case 'transfer-encoding':
        this.codings += 1;
        this.body = 'chunked';
        if (this.codings > 1 || value.toLowerCase() !== 'chunked')
          this.problem = 'Transfer-Encoding other than chunked';
        return true;
      case 'upgrade':
        this.upgrade = value;
        return true;
      case 'user-agent':
        this.userAgent = value;
        return true;
      case 'connection':
        this.connection = joined(this.connection, value.toLowerCase());
        return false;
      case 'expect':
        this.expect = joined(this.expect, value.toLowerCase());
        return false;
      case 'x-request-id':
        this.requestId = value;
        return false;
      case 'x-forwarded-for':
        this.forwardedFor = joined(this.forwardedFor, value);
        return false;
      case 'via':
        this.via = joined(this.via, value);
        return false;
      // Hop-by-hop, or not to be trusted when a client sends it.
      case 'http2-settings':
      case 'keep-alive':
      case 'proxy-connection':
      case 'proxy-authorization':
      case 'te':
      case 'x-forwarded-proto':
      case 'x-forwarded-port':
      case 'x-request-start':
        return false;
      default:
        return true;
    }
  }

  #checkSize(nameBytes: number, valueBytes: number): void {
    if (nameBytes + 2 + valueBytes > REQUEST_LIMITS.headerLineBytes) this.problem = 'a header is too long';
    else if (nameBytes > REQUEST_LIMITS.headerNameBytes) this.problem = 'the name of a header is too long';
  }
}

/**
 * An upgrade to HTTP/2, which Java's client requests on each new connection. No dyno could accept it: the
 * HTTP2-Settings header that it needs is hop-by-hop. RFC 7540 3.2
 */
export function isH2c(upgrade: string): boolean {
  return upgrade.toLowerCase() === 'h2c';
}

/**
 * The headers that Heroku adds. On Heroku, X-Forwarded-Port is 80 or 443, the port in the client's URL. Here that is
 * the router's own port, which an app needs to build a working URL.
 */
export function addedLines(
  read: HeaderReader,
  client: ClientAddress,
  requestId: string,
  arrivedAt: number,
): string {
  return (
    `X-Request-Id: ${requestId}\r\nX-Forwarded-For: ${joined(read.forwardedFor, client.address)}\r\n` +
    `X-Forwarded-Proto: ${client.protocol}\r\nX-Forwarded-Port: ${client.port}\r\n` +
    `Via: ${joined(read.via, '1.1 heroku-router')}\r\nX-Request-Start: ${Math.floor(arrivedAt)}\r\n`
  );
}

/**
 * Trailers that are removed, because a dyno might treat them as headers: those that frame or route a request,
 * hop-by-hop ones, and those that only the router may set. RFC 9110 6.5.1
 */
const NO_TRAILERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
  'x-request-start',
]);

/** The trailers of a request that go to the dyno: names and values alternate, as in `raw`. */
export function passingTrailers(raw: readonly string[]): readonly string[] {
  return raw.filter((_, i) => !NO_TRAILERS.has(raw[i - (i % 2)]?.toLowerCase() ?? ''));
}

/** The client's request ID if valid, else a new one. https://devcenter.heroku.com/articles/http-request-id */
export function requestIdOf(read: HeaderReader): string {
  return /^[A-Za-z0-9+/=-]{20,200}$/.test(read.requestId) ? read.requestId : crypto().randomUUID();
}

/** Adds to a comma-separated header value: `a, b`. */
export function joined(list: string, item: string): string {
  return list === '' ? item : `${list}, ${item}`;
}

/** Whether a comma-separated header value, in lower case, contains this member. */
export function lists(list: string, member: string): boolean {
  return list === member || (list.includes(member) && membersOf(list).includes(member));
}

/** Members of `Connection` that remove no header: they are not headers, or frame or route the message. */
const NOT_LISTABLE: ReadonlySet<string> = new Set([
  '',
  'close',
  'keep-alive',
  'upgrade',
  'host',
  'content-length',
  'transfer-encoding',
]);

/** The headers that a `Connection` header, in lower case, declares hop-by-hop. RFC 9110 7.6.1 */
export function listedBy(connection: string): readonly string[] {
  if (NOT_LISTABLE.has(connection)) return [];
  return membersOf(connection).filter((member) => !NOT_LISTABLE.has(member));
}

function membersOf(list: string): readonly string[] {
  return list.split(',').map((member) => member.trim());
}

function without(lines: string, names: readonly string[]): string {
  if (names.length === 0) return lines;
  return lines
    .split(/(?<=\r\n)/)
    .filter((line) => !names.includes(line.slice(0, line.indexOf(':')).toLowerCase()))
    .join('');
}
