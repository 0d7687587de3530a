import type * as Heroku from '@heroku-cli/schema';
import type { AppControl } from '../../apps/control.js';
import type { AppView, ReleaseView } from '../../apps/views.js';
import {
  type ApiRequest,
  type AppRequest,
  appRoute,
  bodyObject,
  ok,
  type Route,
  type StreamAnswer,
} from '../route.js';
import { ApiError, invalidParams, notFound } from '../server/errors.js';
import { ACCOUNT } from './account.js';
import { appReference } from './apps.js';
import { serializeConfigVars } from './config-vars.js';
import { stableId } from './ids.js';
import { paginate } from './pagination.js';
import { apiTime } from './time.js';
import { withWarnings } from './warn.js';

/**
 * https://devcenter.heroku.com/articles/platform-api-reference#release
 * @param origin the API's URL
 */
export function serializeRelease(app: AppView, release: ReleaseView, origin: string) {
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
    output_stream_url: release.hasOutput ? `${origin}/release-output/${release.id}` : null,
    slug: { id: stableId('slug', release.id) },
    status: release.status,
    updated_at: created,
    user: { email: release.user, id: ACCOUNT.id },
    version: release.version,
  } satisfies Heroku.Release;
}

/** By version (`4` or `v4`) or id. */
async function releaseOf(app: AppControl, wanted: unknown): Promise<ReleaseView> {
  const text = String(wanted).replace(/^v(?=\d)/, '');
  const found = (await app.releases()).find(({ id, version }) => id === text || String(version) === text);
  if (found) return found;
  throw notFound('release', `There is no ${wanted}; "dynosim releases" lists them.`);
}

async function rollBack({ app, view, origin, body }: AppRequest) {
  const { release: wanted } = bodyObject({ body });
  if (wanted === undefined) throw invalidParams('The body needs the release to roll back to.');
  const { version } = await releaseOf(app, wanted);
  const { outcome, release, warnings } = await app.rollback(version);
  if (outcome === 'unchanged') throw new ApiError(422, 'invalid_params', 'Nothing was changed.');
  return withWarnings(ok(serializeRelease(view, release, origin), 201), warnings);
}

/** The output of a release command, by its release's ID. */
async function readOutput({ control, params, signal, end }: ApiRequest): Promise<StreamAnswer> {
  for (const { name } of await control.apps()) {
    const app = await control.app(name);
    const release = (await app.releases()).find(({ id, hasOutput }) => hasOutput && id === params.release);
    if (!release) continue;
    const stream = app.releaseOutput(release.version, AbortSignal.any([signal, end]));
    return { status: 200, stream, headers: { 'Content-Type': 'text/plain; charset=utf-8' } };
  }
  throw notFound('release output');
}

export const releaseRoutes: readonly Route[] = [
  appRoute('GET', '/releases', async ({ app, view, headers, origin }) =>
    paginate(
      headers,
      await app.releases(),
      'version',
      ({ version }) => version,
      (release) => serializeRelease(view, release, origin),
    ),
  ),
  appRoute('POST', '/releases', rollBack),
  appRoute('GET', '/releases/:release', async ({ app, view, params, origin }) =>
    ok(serializeRelease(view, await releaseOf(app, params.release), origin)),
  ),
  appRoute('GET', '/releases/:release/config-vars', async ({ app, params }) => {
    const { version } = await releaseOf(app, params.release);
    return ok(serializeConfigVars(await app.configVars(version)));
  }),
  { method: 'GET', path: '/release-output/:release', access: 'secret path', raw: readOutput },
];
