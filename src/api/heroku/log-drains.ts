import type * as Heroku from '@heroku-cli/schema';
import type { AppControl } from '../../apps/control.js';
import type { AppView } from '../../apps/views.js';
import type { LogDrain } from '../../logs/drains/drains.js';
import { appRoute, bodyObject, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';
import { appReference } from './apps.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#log-drain */
function serializeDrain(app: AppView, { id, token, url, createdAt }: LogDrain) {
  const created = apiTime(createdAt);
  const drain = {
    app: appReference(app),
    created_at: created,
    id,
    token,
    updated_at: created,
    url,
  } satisfies Heroku.LogDrain;
  // null, because an add-on's drain cannot be removed. The schema allows null here, its types do not.
  return { addon: null, ...drain };
}

/** By id, token or URL. */
async function drainOf(app: AppControl, wanted = ''): Promise<LogDrain> {
  const found = (await app.drains()).find(({ id, token, url }) => [id, token, url].includes(wanted));
  if (found) return found;
  throw notFound('drain');
}

export const logDrainRoutes: readonly Route[] = [
  appRoute('GET', '/log-drains', async ({ app, view }) =>
    ok((await app.drains()).map((drain) => serializeDrain(view, drain))),
  ),
  appRoute('POST', '/log-drains', async ({ app, view, body }) => {
    const { url } = bodyObject({ body });
    return ok(serializeDrain(view, await app.addDrain(typeof url === 'string' ? url : '')), 201);
  }),
  appRoute('GET', '/log-drains/:drain', async ({ app, view, params }) =>
    ok(serializeDrain(view, await drainOf(app, params.drain))),
  ),
  appRoute('DELETE', '/log-drains/:drain', async ({ app, view, params }) => {
    const { id } = await drainOf(app, params.drain);
    return ok(serializeDrain(view, await app.removeDrain(id)));
  }),
];
