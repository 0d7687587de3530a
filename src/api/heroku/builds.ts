import type { AppControl } from '../../apps/control.js';
import { ARCHIVE_REQUEST } from '../../apps/requests.js';
import type { BuildView, ReleaseView } from '../../apps/views.js';
import { list, nullable, object, text } from '../../base/shape.js';
import { type ApiRequest, type AppRequest, appRoute, ok, type Route, type StreamAnswer } from '../route.js';
import { notFound } from '../server/errors.js';
import { ACCOUNT } from './account.js';
import { gitUrl } from './apps.js';
import { paginate } from './pagination.js';
import { STACK } from './platform-facts.js';
import { apiTime } from './time.js';

type Serialize = (build: BuildView) => object;

/** https://devcenter.heroku.com/articles/platform-api-reference#build */
async function serializerOf({ app, view, origin }: AppRequest): Promise<Serialize> {
  const releases = await app.releases();
  return (build) => ({
    app: { id: view.id },
    buildpacks: build.buildpacks.map(({ name, url }) => ({ name, url })),
    created_at: apiTime(build.createdAt),
    generation: 'cedar',
    id: build.id,
    output_stream_url: `${origin}/build-output/${build.id}`,
    ...resultOf(build, releases),
    source_blob: {
      checksum: null,
      // The archive of a build is not kept: this is where the app's code is.
      url: gitUrl(view, origin),
      version: build.sourceVersion,
      version_description: null,
    },
    stack: STACK.name,
    status: build.status,
    updated_at: apiTime(build.updatedAt),
    user: { email: build.user, id: ACCOUNT.id },
  });
}

function resultOf({ release: version }: BuildView, releases: readonly ReleaseView[]) {
  const release = releases.find((one) => one.version === version);
  return {
    release: release ? { id: release.id } : null,
    slug: release?.slug === undefined ? null : { id: release.slug },
  };
}

async function buildOf({ app, params }: AppRequest): Promise<BuildView> {
  const found = await findBuild(app, params.build);
  if (found) return found;
  throw notFound('build');
}

async function findBuild(app: AppControl, wanted: string | undefined): Promise<BuildView | undefined> {
  return (await app.builds()).find(({ id }) => id === wanted);
}

const NEW_BUILD = object(
  { source_blob: object({ url: text }, { version: nullable(text), checksum: nullable(text) }) },
  { buildpacks: nullable(list(object({ url: text }))) },
);

async function createBuild(request: AppRequest) {
  const { source_blob: source, buildpacks } = NEW_BUILD(request.body, 'request');
  const { url, version, checksum } = source;
  const archive = {
    url,
    ...(version && { version }),
    ...(checksum && { checksum }),
    ...(buildpacks && { buildpacks: buildpacks.map((buildpack) => buildpack.url) }),
  };
  const build = await request.app.deployArchive(ARCHIVE_REQUEST(archive, 'source_blob'));
  return ok((await serializerOf(request))(build), 201);
}

/** What a build prints, by its ID. */
async function readOutput({ control, params, signal }: ApiRequest): Promise<StreamAnswer> {
  for (const { name } of await control.apps()) {
    const app = await control.app(name);
    const build = await findBuild(app, params.build);
    if (!build) continue;
    const stream = app.buildOutput(build.id, signal);
    return { status: 200, stream, headers: { 'Content-Type': 'text/plain; charset=utf-8' } };
  }
  throw notFound('build output');
}

export const buildRoutes: readonly Route[] = [
  // Sorted by time, but found by ID: several builds may begin in one second.
  appRoute('GET', '/builds', async (request) =>
    paginate(
      request.headers,
      await request.app.builds(),
      'created_at',
      ({ id }) => id,
      await serializerOf(request),
    ),
  ),
  appRoute('POST', '/builds', createBuild),
  appRoute('GET', '/builds/:build', async (request) =>
    ok((await serializerOf(request))(await buildOf(request))),
  ),
  appRoute('DELETE', '/builds/:build', async (request) => {
    const build = await buildOf(request);
    await request.app.cancelBuild(build.id);
    return ok((await serializerOf(request))(build), 202);
  }),
  appRoute('DELETE', '/build-cache', async ({ app }) => {
    await app.purgeBuildCache();
    return ok({}, 202);
  }),
  { method: 'GET', path: '/build-output/:build', access: 'secret path', raw: readOutput },
];
