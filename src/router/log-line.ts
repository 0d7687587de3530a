import type { LogEntry } from '../logs/entry.js';
import type { RouterError } from './errors.js';

/** What a `heroku[router]` line tells of a request. */
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
  };
  /** `tls1.3`; empty without TLS. */
  readonly client: { readonly tlsVersion: string };
  /** Empty: no dyno was chosen. */
  readonly dyno: string;
  readonly connectMs: number | undefined;
  /** undefined: the request reached no dyno. */
  readonly serviceMs: number | undefined;
  /** How long the router held it before a dyno got it. */
  readonly waitMs: number;
  readonly status: number;
  readonly bytes: number;
  readonly error: RouterError | undefined;
}

/** A wait for a dyno that boots or wakes, and is not in the service time. */
const WORTH_A_WORD_MS = 100;

/**
 * The line of Router 2.0. It differs from the legacy router's in the decoded path and the last fields.
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
    // Joined, not concatenated: the result is one string, where the other keeps all its parts for as long as it lives.
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
      waitMs < WORTH_A_WORD_MS ? '' : `(waited ${(waitMs / 1000).toFixed(1)}s)`,
      dyno,
    ]),
  };
}

/**
 * Not made before somebody asks. What it holds lives as long as the entry: words, and no error, whose stack would keep
 * the request and its connection.
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
 * Percent-decoded, as Router 2.0 logs it. What is no UTF-8, and what would end the line or its quotes, stays
 * encoded.
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

/** Nothing in it ends a value, in quotes or bare. Nearly every value is so. */
const IS_PLAIN = /^[!#-~]*$/;

/** Nothing that ends the quotes, or the line. */
function quotable(text: string): string {
  return IS_PLAIN.test(text) ? text : text.replace(/["\p{Cc}]/gu, encodeURIComponent);
}

/** Nothing that ends a value without quotes either. */
function bare(text: string): string {
  return IS_PLAIN.test(text) ? text : text.replace(/["\s\p{Cc}]/gu, encodeURIComponent);
}
