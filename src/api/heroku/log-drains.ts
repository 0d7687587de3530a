import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { LogDrain } from '../../logs/drains/drains.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';
import { appOf, appReference } from './apps.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#log-drain */
function serializeDrain(app: App, { id, token, url, createdAt }: LogDrain) {
  const created = apiTime(createdAt);
  const drain = {
    app: appReference(app),
    created_at: created,
    id,
    token,
    updated_at: created,
    url,
  } satisfies Heroku.LogDrain;
  // What belongs to an add-on could not be removed. Unlike the schema, its types know no null here.
  return { addon: null, ...drain };
}

/** By id, token or URL. */
function drainOf(app: App, { params }: ApiRequest): LogDrain {
  const found = app.drains.find(params.drain ?? '');
  if (found) return found;
  throw notFound('drain');
}

export const logDrainRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps/:app/log-drains',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(app.drains.list().map((drain) => serializeDrain(app, drain)));
    },
  },
  {
    method: 'POST',
    path: '/apps/:app/log-drains',
    async handler(control, request) {
      const app = appOf(control, request);
      const { url } = bodyObject(request);
      const drain = await app.drains.add(typeof url === 'string' ? url : '');
      return ok(serializeDrain(app, drain), 201);
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/log-drains/:drain',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(serializeDrain(app, drainOf(app, request)));
    },
  },
  {
    method: 'DELETE',
    path: '/apps/:app/log-drains/:drain',
    async handler(control, request) {
      const app = appOf(control, request);
      const drain = drainOf(app, request);
      await app.drains.remove(drain);
      return ok(serializeDrain(app, drain));
    },
  },
];
