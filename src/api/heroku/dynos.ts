import type * as Heroku from '@heroku-cli/schema';
import type { AppControl } from '../../apps/control.js';
import { COMMAND, type DynoTarget, ONE_OFF_TYPE, type RunRequest } from '../../apps/requests.js';
import type { AppView, DynoView, ReleaseView } from '../../apps/views.js';
import { parseDynoSize } from '../../base/sizes.js';
import { type Attachments, TERMINAL_HEADER } from '../attach/attachments.js';
import { isTerminalSize } from '../attach/terminal-size.js';
import { type AppRequest, appRoute, bodyObject, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { appReference } from './apps.js';
import { apiTime } from './time.js';

type Serialize = (view: DynoView, attachUrl?: string) => Heroku.Dyno;

/** https://devcenter.heroku.com/articles/platform-api-reference#dyno, with additional facts under `dynosim`. */
function serializeDyno(
  app: AppView,
  releases: readonly ReleaseView[],
  view: DynoView,
  attachUrl: string | null,
) {
  const since = apiTime(view.since);
  const release = releases.find(({ version }) => version === view.release);
  return {
    app: appReference(app),
    attach_url: attachUrl,
    command: view.command,
    created_at: since,
    id: view.id,
    name: view.name,
    release: { id: release?.id ?? '', version: view.release },
    size: view.size,
    state: view.state,
    type: view.type,
    updated_at: since,
    dynosim: {
      port: view.port ?? null,
      pid: view.pid ?? null,
      memory: view.memory ?? null,
      memoryQuota: view.memoryQuota ?? null,
      since: new Date(view.since).toISOString(),
    },
  } satisfies Heroku.Dyno;
}

async function serializerOf({ app, view }: AppRequest): Promise<Serialize> {
  const releases = await app.releases();
  return (dyno, attachUrl) => serializeDyno(view, releases, dyno, attachUrl ?? null);
}

async function dynoOf({ app, params }: AppRequest): Promise<DynoView> {
  const found = (await app.dynos()).find(({ name, id }) => name === params.dyno || id === params.dyno);
  if (found) return found;
  throw notFound('dyno', `There is no ${params.dyno}; "dynosim ps" shows what runs.`);
}

type Find = (request: AppRequest) => DynoTarget | Promise<DynoTarget>;

/** A route that starts an action on dynos and responds with 202. */
function action(
  method: Route['method'],
  path: string,
  act: (app: AppControl, target: DynoTarget) => Promise<void>,
  find: Find,
): Route {
  return appRoute(method, path, async (request) => {
    await act(request.app, await find(request));
    return ok({}, 202);
  });
}

const restart = (app: AppControl, target: DynoTarget): Promise<void> => app.restart(target);
const stop = (app: AppControl, target: DynoTarget): Promise<void> => app.stopDynos(target);
const all: Find = () => ({ kind: 'all' });
const one: Find = async (request) => ({ kind: 'dyno', name: (await dynoOf(request)).name });
const type: Find = ({ params }) => ({ kind: 'type', type: params.type ?? '' });

/** Starts a detached one-off dyno at once, and an attached one when its client attaches. */
async function createDyno(request: AppRequest, attachments: Attachments) {
  const { app, headers, origin } = request;
  const body = bodyObject(request);
  const wanted = readRequest(body);
  const serialize = await serializerOf(request);
  if (body.attach !== true) return ok(serialize(await app.runDetached(wanted)), 201);
  const waiting = await app.runAttached(wanted);
  const id = attachments.add({
    ...waiting,
    hasTerminal: wanted.terminal !== undefined,
    terminal: String(headers[TERMINAL_HEADER] ?? ''),
  });
  return ok(serialize(waiting.dyno, `rendezvous://${new URL(origin).host}/${id}`), 201);
}

/**
 * A client at a terminal sends `COLUMNS` and `LINES`, and the dyno gets a terminal of that size. Heroku's CLI sends
 * them as numbers.
 */
function readRequest(body: Readonly<Record<string, unknown>>): RunRequest {
  const { command, env = {}, size: sizeName, force_no_tty: noTerminal, type } = body;
  if (!isEnvironment(env)) throw invalidParams('"env" must be an object of strings.');
  if (sizeName !== undefined && typeof sizeName !== 'string') throw invalidParams('"size" must be a name.');
  const { COLUMNS, LINES, ...rest } = env;
  const vars = Object.entries(rest).map(([key, value]) => [key, String(value)] as const);
  const terminal = { columns: Number(COLUMNS), rows: Number(LINES) };
  return {
    command: COMMAND(command, '"command"'),
    env: Object.fromEntries(vars),
    ...(type !== undefined && { type: ONE_OFF_TYPE(type, '"type"') }),
    ...(sizeName !== undefined && { size: parseDynoSize(sizeName) }),
    ...(noTerminal !== true && isTerminalSize(terminal) && { terminal }),
  };
}

function isEnvironment(value: unknown): value is Record<string, string | number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number')
  );
}

/** @param attachments holds dynos that wait for their clients */
export function createDynoRoutes(attachments: Attachments): readonly Route[] {
  return [
    appRoute('GET', '/dynos', async (request) => {
      const serialize = await serializerOf(request);
      return ok((await request.app.dynos()).map((dyno) => serialize(dyno)));
    }),
    appRoute('POST', '/dynos', (request) => createDyno(request, attachments)),
    appRoute('GET', '/dynos/:dyno', async (request) => {
      const serialize = await serializerOf(request);
      return ok(serialize(await dynoOf(request)));
    }),
    action('DELETE', '/dynos', restart, all),
    action('DELETE', '/dynos/:dyno', restart, one),
    action('DELETE', '/formations/:type', restart, type),
    action('POST', '/dynos/:dyno/actions/restart', restart, one),
    action('POST', '/dynos/:dyno/actions/stop', stop, one),
    action('POST', '/formations/:type/actions/restart', restart, type),
    action('POST', '/formations/:type/actions/stop', stop, type),
  ];
}
