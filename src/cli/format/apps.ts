import { siteOf } from '../../base/site.js';
import type { ListedApp } from '../host/list-apps.js';
import { formatTable } from './table.js';

/** The lines of `apps`. */
export function formatApps(apps: readonly ListedApp[], width?: number): readonly string[] {
  if (apps.length === 0)
    return [
      'You have no apps.',
      '',
      'Run the one in a folder: dynosim start',
      'Make one in the host: dynosim create',
    ];
  const rows = apps.map(({ name, state, url, release, slugSize, dir }) => [
    name,
    state,
    siteOf(url),
    `v${release}`,
    slugSize === null ? '' : formatBytes(slugSize),
    slugSize === null && state !== 'blank' ? dir : 'the host',
  ]);
  const header = ['app', 'state', 'URL', 'release', 'slug', 'runs from'];
  const expendable = ['slug', 'release', 'runs from'];
  return formatTable({ header, rows, flexible: 'runs from', expendable }, width);
}

/** `667B`, `1.7M`, `56.7M`: as Heroku's builds print sizes. */
function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)}K` : `${(kilobytes / 1024).toFixed(1)}M`;
}
