import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { ReleaseView } from '../../apps/views.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { ApiError, invalidParams, notFound } from '../server/errors.js';
import { ACCOUNT } from './account.js';
import { appOf, appReference } from './apps.js';
import { stableId } from './ids.js';
import { page } from './pagination.js';
import { apiTime } from './time.js';
import { withWarnings } from './warn.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#release */
export function serializeRelease(app: App, release: ReleaseView, { origin }: ApiRequest) {
  const created = apiTime(release.createdAt);
  return {
    addon_plan_names: [],
    app: appReference(app),
    artifacts: [],
    created_at: created,
    current: release.isCurrent,
    description: release.description,
    eligible_for_rollback: release.status === 'succeeded',
    id: release.id,
    output_stream_url: app.releases.outputOf(release.id) ? `${origin}/release-output/${release.id}` : null,
    slug: { id: stableId('slug', release.id) },
    status: release.status,
    updated_at: created,
    user: { email: release.user, id: ACCOUNT.id },
    version: release.version,
  } satisfies Heroku.Release;
}

/** By version (`4` or `v4`) or id. */
function releaseOf(app: App, wanted: unknown): ReleaseView {
  const text = String(wanted).replace(/^v(?=\d)/, '');
  const found = app.releaseViews().find(({ id, version }) => id === text || String(version) === text);
  if (found) return found;
  throw notFound('release', `There is no ${wanted}; "dynosim releases" lists them.`);
}

async function rollBack(app: App, request: ApiRequest) {
  const { release: wanted } = bodyObject(request);
  if (wanted === undefined) throw invalidParams('The body needs the release to roll back to.');
  const warnings: string[] = [];
  const outcome = await app.rollback(releaseOf(app, wanted).version, (warning) => warnings.push(warning));
  if (outcome.outcome === 'unchanged') throw new ApiError(422, 'invalid_params', 'Nothing was changed.');
  const made = serializeRelease(app, releaseOf(app, outcome.release.version), request);
  return withWarnings(ok(made, 201), warnings);
}

export const releaseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps/:app/releases',
    handler(control, request) {
      const app = appOf(control, request);
      return page(
        request,
        app.releaseViews(),
        'version',
        ({ version }) => version,
        (release) => serializeRelease(app, release, request),
      );
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/releases/:release',
    handler(control, request) {
      const app = appOf(control, request);
      return ok(serializeRelease(app, releaseOf(app, request.params.release), request));
    },
  },
  {
    method: 'GET',
    path: '/apps/:app/releases/:release/config-vars',
    handler(control, request) {
      const app = appOf(control, request);
      const { version } = releaseOf(app, request.params.release);
      const { config } = app.releases.find(version);
      return ok(Object.fromEntries(Array.from(config, ([key, { value }]) => [key, value])));
    },
  },
  {
    method: 'GET',
    path: '/release-output/:release',
    // The id is the secret.
    isOpen: true,
    handler({ apps }, { params, signal, end }) {
      const [output] = apps.flatMap(({ releases }) => releases.outputOf(params.release ?? '') ?? []);
      if (!output) throw notFound('release output');
      const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
      return { status: 200, stream: output.read(signal, end), headers };
    },
  },
  {
    method: 'POST',
    path: '/apps/:app/releases',
    handler: (control, request) => rollBack(appOf(control, request), request),
  },
];
