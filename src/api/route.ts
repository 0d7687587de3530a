import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppControl } from '../apps/control.js';
import type { AppView } from '../apps/views.js';
import type { HostControl } from './control.js';
import { badRequest, notFound } from './server/errors.js';

export interface ApiRequest {
  readonly control: HostControl;
  /** The values of the `:names` in the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The API's origin as the client calls it: `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** Parsed; undefined for an empty body. */
  readonly body: unknown;
  /** Aborted when the client leaves or dynosim ends: streams must end then. */
  readonly signal: AbortSignal;
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
  /** Including the content type. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface StreamAnswer {
  readonly status: number;
  /** Including the content type. */
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: AsyncIterable<string | Buffer>;
}

/** Complete server-sent events. */
type Events = AsyncIterable<string | Buffer>;

/**
 * Required for a request: the token, the token as a password (git, and the API for the users of a database), knowledge
 * of a path that cannot be guessed, or nothing.
 */
export type Access = 'token' | 'password' | 'secret path' | 'public';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A row in the API's table of routes: a path, the access it needs, and one of six kinds of handlers. */
export type Route = {
  readonly method: Method;
  /** `/apps/:app/dynos`, `/:app.git/info/refs` */
  readonly path: string;
  readonly access: Access;
  /**
   * Whether something else than the user's token also gives access to a route that needs it.
   * @throws ApiError 403 if it does not, although it is valid elsewhere
   */
  admits?(headers: IncomingHttpHeaders): boolean;
  /** Whether pages of other sites may link to it. Left out: no. */
  readonly isLinkable?: boolean;
} & (
  | { json(request: ApiRequest): JsonAnswer | Promise<JsonAnswer> }
  /** Also answers HEAD. */
  | { page(request: ApiRequest): TextAnswer | Promise<TextAnswer> }
  | { events(request: ApiRequest): Events | Promise<Events> }
  | { raw(request: ApiRequest): StreamAnswer | Promise<StreamAnswer> }
  /** Reads the body and sends the answer itself. */
  | { exchange(request: ApiRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> }
  /** Takes over the connection; `head` holds bytes sent after the request. Resolves when everything has been sent. */
  | { upgrade(request: ApiRequest, socket: Duplex, head: Buffer): Promise<void> }
);

export type RouteOf<Kind extends 'json' | 'page' | 'events' | 'raw' | 'exchange' | 'upgrade'> = Extract<
  Route,
  Record<Kind, unknown>
>;

export function json(
  method: Method,
  path: string,
  answer: RouteOf<'json'>['json'],
  access: Access = 'token',
): Route {
  return { method, path, access, json: answer };
}

/**
 * A JSON route for one app.
 * @param path follows `/apps/:app`, where `:app` is a name or an ID
 */
export function appRoute(
  method: Method,
  path: string,
  answer: (request: AppRequest) => JsonAnswer | Promise<JsonAnswer>,
): Route {
  return json(method, `/apps/:app${path}`, async (request) => answer(await aboutApp(request)));
}

/** @throws ApiError 404 */
async function aboutApp(request: ApiRequest): Promise<AppRequest> {
  const { control, params } = request;
  const views = await control.apps();
  const view = views.find(({ name, id }) => name === params.app || id === params.app);
  if (!view) throw notFound('app');
  return { ...request, app: await control.app(view.name), view };
}

export function ok(body: unknown, status = 200): JsonAnswer {
  return { status, body };
}

/**
 * The body as an object.
 * @throws ApiError if it is not an object
 */
export function bodyObject({ body }: Pick<ApiRequest, 'body'>): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw badRequest('The body must be a JSON object.');
}
