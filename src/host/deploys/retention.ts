import type { App } from '../../apps/app.js';

/** How many releases, the current one included, can be rolled back to. */
const KEPT_RELEASES = 10;

/** The IDs of the slugs that are still needed: of the last releases that ran, of all that runs, and of the next release. */
export function keptSlugs(app: App): ReadonlySet<string> {
  const versions = [...app.supervisor.oneOffs, ...app.supervisor.dynos()].flatMap(({ run }) =>
    run ? [run.plan.release] : [],
  );
  const releases = [
    ...app.releases.history.succeeded().slice(-KEPT_RELEASES),
    ...versions.map((version) => app.releases.history.find(version)),
  ];
  const slugs = [app.releases.slug, ...releases.map(({ slug }) => slug)];
  return new Set(slugs.flatMap(({ id }) => (id === undefined ? [] : [id])));
}
