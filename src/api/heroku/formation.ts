import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { FormationView } from '../../apps/views.js';
import { parseDynoSize } from '../../base/sizes.js';
import { type FormationChange, parseQuantity } from '../../procfile/formation.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { appOf, appReference } from './apps.js';
import { stableId } from './ids.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#formation */
export function serializeFormation(app: App, { type, command, quantity, size }: FormationView) {
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

function formationId(app: App, type: string): string {
  return stableId('formation', app.id, type);
}

/** By type or id. */
function entryOf(app: App, wanted: string | undefined): FormationView {
  const entry = app.dynos
    .formationViews()
    .find(({ type }) => type === wanted || formationId(app, type) === wanted);
  if (entry) return entry;
  throw notFound('process type');
}

/** One of `updates`. The CLI sends quantities as strings, `+1` and `-1` among them, and sizes as typed. */
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

function readUpdates(request: ApiRequest): readonly FormationChange[] {
  const { updates } = bodyObject(request);
  if (!Array.isArray(updates)) throw invalidParams('The body needs a list of updates.');
  return updates.map(readUpdate);
}

export const formationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps/:app/formation',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(app.dynos.formationViews().map((view) => serializeFormation(app, view)));
    },
  },
  {
    method: 'PATCH',
    path: '/apps/:app/formation',
    handler(control, request) {
      const app = appOf(control, request);
      app.dynos.scale(readUpdates(request));
      return ok(app.dynos.formationViews().map((view) => serializeFormation(app, view)));
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/formation/:type',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(serializeFormation(app, entryOf(app, request.params.type)));
    },
  },
  {
    method: 'PATCH',
    path: '/apps/:app/formation/:type',
    handler(control, request) {
      const app = appOf(control, request);
      const { type } = entryOf(app, request.params.type);
      app.dynos.scale([readUpdate({ ...bodyObject(request), type })]);
      return ok(serializeFormation(app, entryOf(app, type)));
    },
  },
];
