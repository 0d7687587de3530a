import type * as Heroku from '@heroku-cli/schema';
import type { AppView, FeatureView } from '../../apps/views.js';
import { idOf } from '../../base/ids.js';
import { appRoute, bodyObject, json, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#app-feature */
function serializeFeature(app: AppView, { name, state, description, docUrl, isEnabled }: FeatureView) {
  const created = apiTime(app.createdAt);
  return {
    created_at: created,
    description,
    display_name: name,
    doc_url: docUrl,
    enabled: isEnabled,
    feedback_email: '',
    id: idOf('feature', name),
    name,
    state,
    updated_at: created,
  } satisfies Heroku.AppFeature;
}

export const featureRoutes: readonly Route[] = [
  json('GET', '/account/features', () => ok([])),
  // Heroku's CLI looks here first, then in the app's features.
  json('GET', '/account/features/:feature', () => {
    throw notFound('feature');
  }),
  appRoute('GET', '/features', async ({ app, view }) =>
    ok((await app.features()).map((feature) => serializeFeature(view, feature))),
  ),
  appRoute('GET', '/features/:feature', async ({ app, view, params }) =>
    ok(serializeFeature(view, await app.feature(params.feature ?? ''))),
  ),
  appRoute('PATCH', '/features/:feature', async ({ app, view, params, body }) => {
    const { name } = await app.feature(params.feature ?? '');
    const { enabled } = bodyObject({ body });
    if (typeof enabled !== 'boolean') throw invalidParams('The body needs "enabled", true or false.');
    return ok(serializeFeature(view, await app.setFeature(name, enabled)));
  }),
];
