import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppControl } from '../apps/control.js';
import type { AppView } from '../apps/views.js';
import type { HostControl } from './control.js';
import { badRequest, notFound } from './server/errors.js';

export interface ApiRequest {
  readonly control: HostControl;
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

/** A request about one app. */
export interface AppRequest extends ApiRequest {
  readonly app: AppControl;
  readonly view: AppView;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TextAnswer {
  readonly status: number;
  /** With its content type. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface StreamAnswer {
  readonly status: number;
  /** With its content type. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it comes. */
  readonly stream: AsyncIterable<string | Buffer>;
}

/** Server-sent events, whole ones. */
type Events = AsyncIterable<string | Buffer>;

/** Who may ask: those who have the token, those who know a path that cannot be guessed, or anybody. */
export type Access = 'token' | 'secret path' | 'public';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One row of the API's table: a path, who may ask, and what answers in which way. */
export type Route = {
  readonly method: Method;
  /** `/apps/:app/dynos` */
  readonly path: string;
  readonly access: Access;
} & (
  | { json(request: ApiRequest): JsonAnswer | Promise<JsonAnswer> }
  | { page(request: ApiRequest): TextAnswer }
  | { events(request: ApiRequest): Events | Promise<Events> }
  | { raw(request: ApiRequest): StreamAnswer | Promise<StreamAnswer> }
  /** The connection is handed over, with what the client has sent beyond its request. Resolves when all is sent. */
  | { upgrade(request: ApiRequest, socket: Duplex, head: Buffer): Promise<void> }
);

export type RouteOf<Kind extends 'json' | 'page' | 'events' | 'raw' | 'upgrade'> = Extract<
  Route,
  Record<Kind, unknown>
>;

/** A route that answers with JSON. */
export function json(
  method: Method,
  path: string,
  answer: RouteOf<'json'>['json'],
  access: Access = 'token',
): Route {
  return { method, path, access, json: answer };
}

/**
 * A route about one app, which answers with JSON.
 * @param path behind `/apps/:app`, where `:app` is a name or an id
 */
export function appRoute(
  method: Method,
  path: string,
  answer: (request: AppRequest) => JsonAnswer | Promise<JsonAnswer>,
): Route {
  return json(method, `/apps/:app${path}`, async (request) => answer(await aboutApp(request)));
}

/**
 * A request together with its app.
 * @throws ApiError 404
 */
async function aboutApp(request: ApiRequest): Promise<AppRequest> {
  const { control, params } = request;
  const views = await control.apps();
  const view = views.find(({ name, id }) => name === params.app || id === params.app);
  if (!view) throw notFound('app');
  return { ...request, app: await control.app(view.name), view };
}

/** A successful answer. */
export function ok(body: unknown, status = 200): JsonAnswer {
  return { status, body };
}

/**
 * The body as an object.
 * @throws ApiError if it is none
 */
export function bodyObject({ body }: Pick<ApiRequest, 'body'>): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw badRequest('The body must be a JSON object.');
}
