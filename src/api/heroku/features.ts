import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import { FEATURES, type Feature, Features } from '../../apps/features.js';
import { bodyObject, ok, type Route } from '../route.js';
import { invalidParams, notFound } from '../server/errors.js';
import { appOf } from './apps.js';
import { stableId } from './ids.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#app-feature */
function serializeFeature(app: App, { name, state, description, docUrl }: Feature) {
  const created = apiTime(app.createdAt);
  return {
    created_at: created,
    description,
    display_name: name,
    doc_url: docUrl,
    enabled: app.features.has(name),
    feedback_email: '',
    id: stableId('feature', name),
    name,
    state,
    updated_at: created,
  } satisfies Heroku.AppFeature;
}

export const featureRoutes: readonly Route[] = [
  { method: 'GET', path: '/account/features', handler: () => ok([]) },
  {
    // Heroku's CLI looks here first, and goes on to those of the app.
    method: 'GET',
    path: '/account/features/:feature',
    handler() {
      throw notFound('feature');
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/features',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(FEATURES.map((feature) => serializeFeature(app, feature)));
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/features/:feature',
    handler(control, request) {
      const feature = Features.find(request.params.feature ?? '');
      return ok(serializeFeature(appOf(control, request), feature));
    },
  },
  {
    method: 'PATCH',
    path: '/apps/:app/features/:feature',
    handler(control, request) {
      const app = appOf(control, request);
      const feature = Features.find(request.params.feature ?? '');
      const { enabled } = bodyObject(request);
      if (typeof enabled !== 'boolean') throw invalidParams('The body needs "enabled", true or false.');
      app.setFeature(feature.name, enabled);
      return ok(serializeFeature(app, feature));
    },
  },
];
