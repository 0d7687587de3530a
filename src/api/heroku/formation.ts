import type * as Heroku from '@heroku-cli/schema';
import type { AppControl } from '../../apps/control.js';
import type { AppView, FormationView } from '../../apps/views.js';
import { idOf } from '../../base/ids.js';
import { parseDynoSize } from '../../base/sizes.js';
import { type FormationChange, parseQuantity } from '../../procfile/formation.js';
import { type AppRequest, appRoute, bodyObject, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { appReference } from './apps.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#formation */
function serializeFormation(app: AppView, { type, command, quantity, size }: FormationView) {
  const created = apiTime(app.createdAt);
  return {
    app: appReference(app),
    command,
    created_at: created,
    dyno_size: { name: size },
    id: formationId(app, type),
    quantity,
    size,
    type,
    updated_at: created,
  } satisfies Heroku.Formation;
}

function formationId(app: AppView, type: string): string {
  return idOf('formation', app.id, type);
}

/** Runs when a release is made: it is listed, but never scaled. */
const RELEASE = 'release';

/** By type. Heroku's CLI looks for the type `release` here before it retries a release command. */
async function formationOf(
  app: AppControl,
  scaled?: readonly FormationView[],
): Promise<readonly FormationView[]> {
  const formation = scaled ?? (await app.formation());
  const command = (await app.releases()).at(-1)?.command;
  if (command === undefined) return formation;
  const release: FormationView = { type: RELEASE, command, quantity: 0, size: 'Eco' };
  return [...formation, release].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** By type or id. */
async function entryOf({ app, view, params }: AppRequest): Promise<FormationView> {
  const wanted = params.type;
  const formation = await formationOf(app);
  const entry = formation.find(({ type }) => type === wanted || formationId(view, type) === wanted);
  if (entry) return entry;
  throw notFound('process type');
}

/** Reads one of `updates`. The CLI sends quantities as strings, including `+1` and `-1`, and sizes as typed. */
function readUpdate(update: unknown): FormationChange {
  const { type, quantity, size, dyno_size } = (update ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string') throw invalidParams('Each update needs a process type.');
  const name = size ?? (dyno_size as { name?: unknown } | undefined)?.name;
  return {
    type,
    ...(quantity !== undefined && { quantity: parseQuantity(String(quantity), `${type}=${quantity}`) }),
    ...(name !== undefined && { size: parseDynoSize(String(name)) }),
  };
}

function readUpdates(request: AppRequest): readonly FormationChange[] {
  const { updates } = bodyObject(request);
  if (!Array.isArray(updates)) throw invalidParams('The body needs a list of updates.');
  return updates.map(readUpdate).filter((change) => !leavesRelease(change));
}

/** For `ps:resize basic`, the CLI names every type that it finds; `ps:scale` prints `release=0` to be passed back. */
function leavesRelease({ type, quantity = { to: 0 } }: FormationChange): boolean {
  return type === RELEASE && 'to' in quantity && quantity.to === 0;
}

export const formationRoutes: readonly Route[] = [
  appRoute('GET', '/formation', async ({ app, view }) =>
    ok((await formationOf(app)).map((entry) => serializeFormation(view, entry))),
  ),
  appRoute('PATCH', '/formation', async (request) => {
    const scaled = await request.app.scale(readUpdates(request));
    const formation = await formationOf(request.app, scaled);
    return ok(formation.map((entry) => serializeFormation(request.view, entry)));
  }),
  appRoute('GET', '/formation/:type', async (request) =>
    ok(serializeFormation(request.view, await entryOf(request))),
  ),
  appRoute('PATCH', '/formation/:type', async (request) => {
    const { type } = await entryOf(request);
    await request.app.scale([readUpdate({ ...bodyObject(request), type })]);
    return ok(serializeFormation(request.view, await entryOf(request)));
  }),
];
