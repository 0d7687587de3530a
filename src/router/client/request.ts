import type { IncomingMessage } from 'node:http';
import { http } from '../../base/http.js';
import { RouterError } from '../errors.js';
import { addedLines, type ClientAddress, HeaderReader, joined, lists, requestIdOf } from '../headers.js';
import { REQUEST_LIMITS } from '../limits.js';

/** The facts about a request that the router needs. */
export interface RequestFacts {
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly target: string;
  /** 1 unless the request is refused. */
  readonly httpMajor: number;
  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly httpMinor: number;
  /** From an absolute target, else from the Host header; empty if there is none. */
  readonly host: string;
  readonly requestId: string;
  /** The X-Forwarded-For chain, the client last. */
  readonly forwardedFor: string;
  readonly userAgent: string;
  readonly body: 'none' | 'sized' | 'chunked';
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
  /** The client asks for another protocol, such as WebSocket, in a request without a body (see `withoutUpgrade`). */
  readonly isUpgrade: boolean;
  /** All header lines for the dyno except `Connection`. */
  readonly headerLines: string;
  /** Why the router refuses the request, if it does. */
  readonly refusal: RouterError | undefined;
}

/**
 * Never throws: a refused request has facts too, for the log.
 * @param mayUpgrade node:http has detached the connection, and reads no further request on it
 */
export function readRequest(
  req: IncomingMessage,
  client: ClientAddress,
  arrivedAt: number,
  mayUpgrade: boolean,
): RequestFacts {
  const read = new HeaderReader(req.rawHeaders);
  const requestId = requestIdOf(read);
  const method = req.method ?? '';
  const url = req.url ?? '';
  const { target, host } = addressed(method, url, read.host);
  const line = {
    method,
    target,
    host,
    // "GET /a HTTP/1.1": two spaces and eight characters.
    bytes: method.length + url.length + 10,
    httpMajor: req.httpVersionMajor,
    httpMinor: req.httpVersionMinor,
  };
  return {
    method: line.method,
    target: line.target,
    httpMajor: line.httpMajor,
    httpMinor: line.httpMinor,
    host,
    requestId,
    forwardedFor: joined(read.forwardedFor, client.address),
    userAgent: read.userAgent,
    body: read.body,
    expectsContinue: read.expect === '100-continue' && line.httpMinor === 1,
    isUpgrade: mayUpgrade && read.upgrade !== '' && lists(read.connection, 'upgrade') && read.body === 'none',
    headerLines: read.linesFor(host) + addedLines(read, client, requestId, arrivedAt),
    refusal: refusalOf(line, read),
  };
}

/** The head for the dyno. */
export function headFor(request: RequestFacts, connection: string): string {
  return `${request.method} ${request.target} HTTP/1.1\r\n${request.headerLines}Connection: ${connection}\r\n\r\n`;
}

/**
 * Whether a request may be sent twice: it has a safe method and no body. Another request may have had effects before
 * its connection broke. RFC 9110 9.2.1
 */
export function isRepeatable(request: RequestFacts): boolean {
  const { method } = request;
  if (request.body !== 'none' || request.isUpgrade) return false;
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE';
}

/** `http://host/path` is `/path` of that host, whatever the Host header says. RFC 9112 3.2.2, 3.2.4 */
function addressed(method: string, url: string, host: string): Pick<RequestLine, 'target' | 'host'> {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (authority === undefined) return { target: url, host };
  const target = rest === '' && method === 'OPTIONS' ? '*' : rest.startsWith('/') ? rest : `/${rest}`;
  return { target, host: authority };
}

interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly bytes: number;
  readonly httpMajor: number;
  readonly httpMinor: number;
}

/** https://devcenter.heroku.com/articles/http-routing#http-validation-and-restrictions */
function refusalOf(line: RequestLine, read: HeaderReader): RouterError | undefined {
  if (line.method === 'CONNECT') return new RouterError('noTunnels');
  const problem = read.problem || problemOf(line, read);
  if (problem !== '') return new RouterError('badRequest', problem);
  const isForeign = read.expect !== '' && read.expect !== '100-continue';
  return isForeign && line.httpMinor === 1 ? new RouterError('badExpectation') : undefined;
}

/**
 * llhttp also accepts RTSP, and node:http does not reveal the protocol: only a method that HTTP does not have shows it.
 * https://github.com/nodejs/llhttp, `METHODS_RTSP`
 */
function isHttpMethod(method: string): boolean {
  httpMethods ??= new Set(http().METHODS);
  return httpMethods.has(method);
}

let httpMethods: ReadonlySet<string> | undefined;

/** A name or address, perhaps with a port. Stricter than RFC 3986, so that no other parser finds another host in it. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?$/;

function problemOf(
  { method, target, host, bytes, httpMajor, httpMinor }: RequestLine,
  read: HeaderReader,
): string {
  if (httpMajor !== 1 || httpMinor > 1) return 'neither HTTP/1.0 nor HTTP/1.1';
  if (!isHttpMethod(method)) return 'the method is none of HTTP';
  if (read.hosts === 0) return 'no Host header';
  if (read.hosts > 1) return 'more than one Host header';
  if (!HOST.test(read.host)) return 'the Host header names no host';
  if (!HOST.test(host)) return 'the target names no host';
  if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS')) return 'the target is not a path';
  if (bytes > REQUEST_LIMITS.requestLineBytes) return 'the request line is too long';
  if (read.codings > 0 && httpMinor === 0) return 'Transfer-Encoding in HTTP/1.0';
  if (read.upgrade === '' && lists(read.connection, 'upgrade')) return 'Connection: upgrade without Upgrade';
  return '';
}
