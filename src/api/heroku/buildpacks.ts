import type { BuildpackView } from '../../apps/views.js';
import { registryUrl } from '../../base/buildpacks.js';
import { idOf } from '../../base/ids.js';
import { list, object, text } from '../../base/shape.js';
import { appRoute, json, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#buildpack-installations */
function serializeInstallations(buildpacks: readonly BuildpackView[]) {
  return buildpacks.map(({ name, url }, ordinal) => ({ ordinal, buildpack: { name, url } }));
}

const UPDATES = object({ updates: list(object({ buildpack: text })) });

export const buildpackRoutes: readonly Route[] = [
  appRoute('GET', '/buildpack-installations', async ({ app }) =>
    ok(serializeInstallations(await app.buildpacks())),
  ),
  appRoute('PUT', '/buildpack-installations', async ({ app, body }) => {
    const { updates } = UPDATES(body, 'request');
    const names = updates.map(({ buildpack }) => buildpack);
    return ok(serializeInstallations(await app.setBuildpacks(names)));
  }),
  // Heroku's registry of buildpacks, where the CLI turns a name into a URL. It has every name: setting the buildpack
  // says which ones dynosim can build with, and the remedy.
  json(
    'GET',
    '/buildpacks/:name',
    ({ params }) => {
      const [, namespace, name] = /^([\w-]+)\/([\w-]+)$/.exec(params.name ?? '') ?? [];
      if (namespace === undefined || name === undefined) throw notFound('buildpack');
      const id = idOf('buildpack', namespace, name);
      return ok({ id, namespace, name, blob_url: registryUrl(`${namespace}/${name}`) });
    },
    'public',
  ),
];
