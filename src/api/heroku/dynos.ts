import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { OneOffWish } from '../../apps/one-offs.js';
import type { DynoTarget } from '../../apps/requests.js';
import type { DynoView } from '../../apps/views.js';
import { parseDynoSize } from '../../base/sizes.js';
import { type Attachments, TERMINAL_HEADER } from '../attach/attachments.js';
import { isTerminalSize } from '../attach/terminal-size.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { appOf, appReference } from './apps.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#dyno, and under `dynosim` what only it can tell. */
export function serializeDyno(app: App, view: DynoView, attachUrl: string | null = null) {
  const since = apiTime(view.since);
  return {
    app: appReference(app),
    attach_url: attachUrl,
    command: view.command,
    created_at: since,
    id: view.id,
    name: view.name,
    release: { id: app.releases.find(view.release).id, version: view.release },
    size: view.size,
    state: view.state,
    type: view.type,
    updated_at: since,
    dynosim: {
      port: view.port ?? null,
      pid: view.pid ?? null,
      memory: view.memory ?? null,
      since: new Date(view.since).toISOString(),
    },
  } satisfies Heroku.Dyno;
}

function dynoOf(app: App, { params }: ApiRequest): DynoView {
  const found = app.dynos.views().find(({ name, id }) => name === params.dyno || id === params.dyno);
  if (found) return found;
  throw notFound('dyno', `There is no ${params.dyno}; "dynosim ps" shows what runs.`);
}

/** A route that does something to dynos and says no more than that it is under way. */
function action(
  method: Route['method'],
  path: string,
  act: (app: App, target: DynoTarget) => void,
  target: (app: App, request: ApiRequest) => DynoTarget,
): Route {
  return {
    method,
    path,
    handler(control, request) {
      const app = appOf(control, request);
      act(app, target(app, request));
      return ok({}, 202);
    },
  };
}

const restart = (app: App, target: DynoTarget): void => app.dynos.restart(target);
const stop = (app: App, target: DynoTarget): void => app.dynos.stopSome(target);
const all = (): DynoTarget => ({ kind: 'all' });
const one = (app: App, request: ApiRequest): DynoTarget => ({
  kind: 'dyno',
  name: dynoOf(app, request).name,
});
const type = (_app: App, { params }: ApiRequest): DynoTarget => ({ kind: 'type', type: params.type ?? '' });

/** Starts one-off dynos: detached ones now, others when their client attaches. */
function createRoute(attachments: Attachments): Route {
  return {
    method: 'POST',
    path: '/apps/:app/dynos',
    handler(control, request) {
      const app = appOf(control, request);
      const { attach = false, ...wish } = readWish(bodyObject(request));
      const attachment = attach ? app.dynos.oneOffs.runAttached(wish) : undefined;
      const { name } = attachment?.oneOff ?? app.dynos.oneOffs.runDetached(wish);
      const terminal = String(request.headers[TERMINAL_HEADER] ?? '');
      const { host } = new URL(request.origin);
      const url = attachment ? `rendezvous://${host}/${attachments.add(attachment, terminal)}` : null;
      const view = app.dynos.views().find((dyno) => dyno.name === name);
      if (!view) throw notFound('dyno');
      return ok(serializeDyno(app, view, url), 201);
    },
  };
}

/**
 * `COLUMNS` and `LINES` are there if the client is at a terminal: then the dyno gets one of that size. Heroku's CLI
 * sends them as numbers.
 */
function readWish(body: Readonly<Record<string, unknown>>): OneOffWish & { readonly attach: boolean } {
  const { command, attach, env = {}, size: sizeName, force_no_tty: noTerminal, type } = body;
  if (typeof command !== 'string' || command.trim() === '') throw invalidParams('The body needs a command.');
  if (!isEnvironment(env)) throw invalidParams('"env" must be an object of strings.');
  if (type !== undefined && !(typeof type === 'string' && /^[\w-]+$/.test(type)))
    throw invalidParams('"type" must be a process type.');
  if (sizeName !== undefined && typeof sizeName !== 'string') throw invalidParams('"size" must be a name.');
  const { COLUMNS, LINES, ...rest } = env;
  const vars = Object.entries(rest).map(([key, value]) => [key, String(value)] as const);
  const terminal = { columns: Number(COLUMNS), rows: Number(LINES) };
  const hasTerminal = attach === true && noTerminal !== true && isTerminalSize(terminal);
  return {
    command,
    env: Object.fromEntries(vars),
    ...(type !== undefined && { type }),
    ...(sizeName !== undefined && { size: parseDynoSize(sizeName) }),
    attach: attach === true,
    ...(hasTerminal && { terminal }),
  };
}

function isEnvironment(value: unknown): value is Record<string, string | number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number')
  );
}

const actionRoutes: readonly Route[] = [
  action('DELETE', '/apps/:app/dynos', restart, all),
  action('DELETE', '/apps/:app/dynos/:dyno', restart, one),
  action('DELETE', '/apps/:app/formations/:type', restart, type),
  action('POST', '/apps/:app/dynos/:dyno/actions/restart', restart, one),
  action('POST', '/apps/:app/dynos/:dyno/actions/stop', stop, one),
  action('POST', '/apps/:app/formations/:type/actions/restart', restart, type),
  action('POST', '/apps/:app/formations/:type/actions/stop', stop, type),
];

const readRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps/:app/dynos',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(app.dynos.views().map((view) => serializeDyno(app, view)));
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/dynos/:dyno',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(serializeDyno(app, dynoOf(app, request)));
    },
  },
];

/** @param attachments where dynos wait for their clients */
export function createDynoRoutes(attachments: Attachments): readonly Route[] {
  return [...readRoutes, ...actionRoutes, createRoute(attachments)];
}
