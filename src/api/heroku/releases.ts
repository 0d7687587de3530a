import type * as Heroku from '@heroku-cli/schema';
import type { AppControl } from '../../apps/control.js';
import { RELEASE_REQUEST } from '../../apps/requests.js';
import type { AppView, ReleaseView } from '../../apps/views.js';
import { nullable, object, text } from '../../base/shape.js';
import { type ApiRequest, type AppRequest, appRoute, ok, type Route, type StreamAnswer } from '../route.js';
import { ApiError, notFound } from '../server/errors.js';
import { ACCOUNT } from './account.js';
import { appReference } from './apps.js';
import { serializeConfigVars } from './config-vars.js';
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
    addon_plan_names: [...release.addonPlans],
    app: appReference(app),
    artifacts: [],
    created_at: created,
    current: release.isCurrent,
    description: release.description,
    eligible_for_rollback: release.canRunAgain,
    id: release.id,
    output_stream_url: release.command !== undefined ? `${origin}/release-output/${release.id}` : null,
    slug: release.slug === undefined ? null : { id: release.slug },
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

const NEW_RELEASE = object({}, { release: text, slug: nullable(text), description: nullable(text) });

/** Rolls back to a release, or releases a slug again. */
async function createRelease({ app, view, origin, body }: AppRequest) {
  const { release: wanted, slug, description } = NEW_RELEASE(body ?? {}, 'request');
  if (wanted !== undefined) return rollBack(wanted, { app, view, origin });
  const again = { ...(slug && { slug }), ...(description && { description }) };
  const { release } = await app.release(RELEASE_REQUEST(again, 'request'));
  return ok(serializeRelease(view, release, origin), 201);
}

async function rollBack(wanted: string, { app, view, origin }: Pick<AppRequest, 'app' | 'view' | 'origin'>) {
  const { version } = await releaseOf(app, wanted);
  const { outcome, release, warnings } = await app.rollback(version);
  if (outcome === 'unchanged') throw new ApiError(422, 'invalid_params', 'Nothing was changed.');
  return withWarnings(ok(serializeRelease(view, release, origin), 201), warnings);
}

/** The output of a release command, by its release's ID. */
async function readOutput({ control, params, signal }: ApiRequest): Promise<StreamAnswer> {
  for (const { name } of await control.apps()) {
    const app = await control.app(name);
    const release = (await app.releases()).find(({ id }) => id === params.release);
    if (release?.command === undefined) continue;
    const stream = app.releaseOutput(release.version, signal);
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
  appRoute('POST', '/releases', createRelease),
  appRoute('GET', '/releases/:release', async ({ app, view, params, origin }) =>
    ok(serializeRelease(view, await releaseOf(app, params.release), origin)),
  ),
  appRoute('GET', '/releases/:release/config-vars', async ({ app, params }) => {
    const { version } = await releaseOf(app, params.release);
    return ok(serializeConfigVars(await app.configVars(version)));
  }),
  { method: 'GET', path: '/release-output/:release', access: 'secret path', raw: readOutput },
];
