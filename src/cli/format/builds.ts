import { apiTime } from '../../api/heroku/time.js';
import type { BuildView } from '../../apps/views.js';
import type { Style } from '../../base/style.js';
import { formatAgo } from './age.js';
import type { DynoFormat } from './dynos.js';
import { formatPairs, formatTable } from './table.js';

const STYLES: Readonly<Record<BuildView['status'], Style>> = {
  succeeded: 'cyan',
  failed: 'red',
  pending: 'yellow',
};

export function formatBuilds(
  builds: readonly BuildView[],
  { now, width, paint }: Pick<DynoFormat, 'now' | 'width' | 'paint'>,
): readonly string[] {
  const rows = builds.map(({ id, status, sourceVersion, release, createdAt }) => [
    id.slice(0, 8),
    status,
    sourceVersion.slice(0, 8),
    release === undefined ? '' : `v${release}`,
    formatAgo(createdAt, now),
  ]);
  const header = ['build', 'status', 'source', 'release', 'created_at'];
  return formatTable({ header, rows, expendable: ['source', 'release'] }, width, (cell, column, row) =>
    column === 'status' ? paint(STYLES[row[1] as BuildView['status']], cell) : cell,
  );
}

export function describeBuild(build: BuildView): readonly string[] {
  const { status, sourceVersion, buildpacks, release, createdAt, user } = build;
  return formatPairs([
    ['Status', status],
    ['Source', sourceVersion],
    ['Buildpacks', buildpacks.map(({ name }) => name).join(', ')],
    ['Release', release === undefined ? '' : `v${release}`],
    ['By', user],
    ['When', apiTime(createdAt)],
  ]);
}
