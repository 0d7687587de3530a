import type { LogEntry, RouterFacts } from '../logs/entry.js';
import type { RouterError } from './errors.js';
import { type RequestMoments, timelineOf } from './timeline.js';

/** The facts in a `heroku[router]` line. */
export interface RouterLine {
  readonly request: {
    readonly method: string;
    /** Path and query as sent. */
    readonly target: string;
    readonly host: string;
    readonly requestId: string;
    /** The X-Forwarded-For chain. */
    readonly forwardedFor: string;
    readonly httpMajor: number;
    readonly httpMinor: number;
    readonly userAgent: string;
  };
  readonly client: {
    readonly address: string;
    /** `tls1.3`; empty without TLS. */
    readonly tlsVersion: string;
  };
  /** Empty if none was chosen. */
  readonly dyno: string;
  readonly connectMs: number | undefined;
  /** undefined if the request reached no dyno. */
  readonly serviceMs: number | undefined;
  /** How long the router held the request before a dyno got it. */
  readonly waitMs: number;
  /** It waited for a dyno. */
  readonly isHeld: boolean;
  readonly moments: RequestMoments;
  readonly status: number;
  readonly bytes: number;
  readonly error: RouterError | undefined;
}

/** The shortest wait for a dyno that the brief line mentions: the service time does not include it. */
const SHORTEST_WAIT_MS = 100;

/**
 * A log line as Router 2.0 writes it. It differs from the legacy router's in the decoded path and the last fields.
 * https://devcenter.heroku.com/articles/http-routing#heroku-router-log-format
 * @param at wall-clock ms
 */
export function routerEntry(line: RouterLine, at: number): LogEntry {
  const { request, client, error, dyno, status, serviceMs, connectMs, waitMs } = line;
  const path = decodedPath(request.target);
  const connect = connectMs === undefined ? '' : `${Math.round(connectMs)}ms`;
  const service = serviceMs === undefined ? '' : `${Math.round(serviceMs)}ms`;
  const bytes = serviceMs === undefined ? '' : line.bytes;
  return {
    at,
    source: 'heroku',
    dyno: 'router',
    // `join` makes one flat string; concatenation would keep all parts in memory as long as the result.
    line: [
      levelOf(error),
      `method=${request.method}`,
      `path="${path}"`,
      `host=${bare(request.host)}`,
      `request_id=${request.requestId}`,
      `fwd="${quotable(request.forwardedFor).replaceAll(', ', ',')}"`,
      `dyno=${dyno}`,
      `connect=${connect}`,
      `service=${service}`,
      `status=${status}`,
      `bytes=${bytes}`,
      `protocol=http${request.httpMajor}.${request.httpMinor}`,
      client.tlsVersion === '' ? 'tls=false' : `tls=true tls_version=${client.tlsVersion}`,
    ].join(' '),
    brief: brief([
      `${request.method} ${path} ${status}`,
      error && described(error),
      service,
      waitMs < SHORTEST_WAIT_MS ? '' : `(waited ${(waitMs / 1000).toFixed(1)}s)`,
      dyno,
    ]),
    router: factsOf(line),
  };
}

function factsOf(line: RouterLine): RouterFacts {
  const { request, client, status, error, dyno, connectMs, serviceMs, bytes, isHeld, moments } = line;
  return {
    method: request.method,
    path: request.target,
    status,
    code: error?.code ?? null,
    dyno: dyno === '' ? null : dyno,
    connectMs: connectMs === undefined ? null : Math.round(connectMs),
    serviceMs: serviceMs === undefined ? null : Math.round(serviceMs),
    bytes: serviceMs === undefined ? null : bytes,
    requestId: request.requestId,
    client: client.address,
    userAgent: request.userAgent,
    isHeld,
    timeline: timelineOf(moments),
  };
}

/**
 * Joined only when it is read. It keeps only words for as long as the entry lives, no error: its stack would keep the
 * request and the connection in memory.
 */
function brief(words: readonly (string | undefined)[]): () => string {
  return () => words.filter(Boolean).join(' ');
}

function levelOf(error: RouterError | undefined): string {
  if (error === undefined) return 'at=info';
  const sock = error.sock === undefined ? '' : `sock=${error.sock} `;
  const code = error.code === undefined ? '' : ` code=${error.code} desc="${error.message}"`;
  return `${sock}at=${error.at}${code}`;
}

function described(error: RouterError): string {
  return error.code === undefined ? error.message : `${error.code} ${error.message}`;
}

/**
 * Percent-decodes a path, as Router 2.0 does in its log. Bytes that are not UTF-8, and characters that would end the
 * line or the quotes, stay encoded.
 */
export function decodedPath(target: string): string {
  const decoded = target.includes('%') ? target.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun) : target;
  return quotable(decoded);
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

/** Matches values that need no encoding: nearly all of them. */
const IS_PLAIN = /^[!#-~]*$/;

/** Encodes characters that would end the quotes or the line. */
function quotable(text: string): string {
  return IS_PLAIN.test(text) ? text : text.replace(/["\p{Cc}]/gu, encodeURIComponent);
}

/** Encodes these and white space, which would end a value without quotes. */
function bare(text: string): string {
  return IS_PLAIN.test(text) ? text : text.replace(/["\s\p{Cc}]/gu, encodeURIComponent);
}
