import type { IncomingHttpHeaders } from 'node:http';
import type { ControlApi } from './control.js';
import { badRequest } from './server/errors.js';

export interface ApiRequest {
  /** What stood for the `:names` of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Where this request reached the API: `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** The parsed body; undefined if there was none. */
  readonly body: unknown;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** Aborted when dynosim ends: what is sent as it comes then comes to its end. */
  readonly end: AbortSignal;
}

export type ApiResponse =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** What is no JSON: a web page. */
  | { readonly status: number; readonly text: string; readonly headers: Readonly<Record<string, string>> }
  /** What is sent as it comes: server-sent events. */
  | {
      readonly status: number;
      readonly stream: AsyncIterable<string | Buffer>;
      readonly headers: Readonly<Record<string, string>>;
    };

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/apps/:app/dynos` */
  readonly path: string;
  /** Needs no token: its path holds an id that cannot be guessed. */
  readonly isOpen?: boolean;
  handler(control: ControlApi, request: ApiRequest): ApiResponse | Promise<ApiResponse>;
}

/** A successful answer. */
export function ok(body: unknown, status = 200): ApiResponse {
  return { status, body };
}

/**
 * The body as an object.
 * @throws ApiError if it is none
 */
export function bodyObject({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw badRequest('The body must be a JSON object.');
}
