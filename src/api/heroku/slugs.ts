import type { SlugView } from '../../apps/views.js';
import { appRoute, ok, type Route } from '../route.js';
import { STACK } from './platform-facts.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#slug, without an archive to download. */
function serializeSlug({ id, commit, createdAt, processes, bytes, language }: SlugView) {
  const created = apiTime(createdAt);
  return {
    buildpack_provided_description: language ?? null,
    checksum: null,
    commit: commit ?? null,
    commit_description: null,
    created_at: created,
    id,
    process_types: processes,
    size: bytes,
    stack: { id: STACK.id, name: STACK.name },
    updated_at: created,
  };
}

export const slugRoutes: readonly Route[] = [
  appRoute('GET', '/slugs/:slug', async ({ app, params }) =>
    ok(serializeSlug(await app.slug(params.slug ?? ''))),
  ),
];
