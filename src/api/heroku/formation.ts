import type * as Heroku from '@heroku-cli/schema';
import type { AppView, FormationView } from '../../apps/views.js';
import { parseDynoSize } from '../../base/sizes.js';
import { type FormationChange, parseQuantity } from '../../procfile/formation.js';
import { type AppRequest, appRoute, bodyObject, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { appReference } from './apps.js';
import { stableId } from './ids.js';
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
  return stableId('formation', app.id, type);
}

/** By type or id. */
async function entryOf({ app, view, params }: AppRequest): Promise<FormationView> {
  const wanted = params.type;
  const formation = await app.formation();
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
  return updates.map(readUpdate);
}

export const formationRoutes: readonly Route[] = [
  appRoute('GET', '/formation', async ({ app, view }) =>
    ok((await app.formation()).map((entry) => serializeFormation(view, entry))),
  ),
  appRoute('PATCH', '/formation', async (request) => {
    const formation = await request.app.scale(readUpdates(request));
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
