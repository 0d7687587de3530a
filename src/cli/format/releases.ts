import { apiTime } from '../../api/heroku/time.js';
import type { ReleaseView } from '../../apps/views.js';
import type { Style } from '../../base/style.js';
import { formatAgo } from './age.js';
import type { DynoFormat } from './dynos.js';
import { formatPairs, formatTable } from './table.js';

/** As Heroku's CLI words it. https://github.com/heroku/cli/blob/main/src/lib/releases/status-helper.ts */
const STATUS: Readonly<Record<ReleaseView['status'], { readonly text: string; readonly style: Style }>> = {
  succeeded: { text: '', style: 'cyan' },
  failed: { text: 'release command failed', style: 'red' },
  pending: { text: 'release command executing', style: 'yellow' },
};

export function formatReleases(
  releases: readonly ReleaseView[],
  { now, width, paint }: Pick<DynoFormat, 'now' | 'width' | 'paint'>,
): readonly string[] {
  const header = ['v', 'description', 'user', 'created_at'];
  const styles = new Map(releases.map(({ version, status }) => [`v${version}`, STATUS[status].style]));
  const rows = releases.map((release) => {
    const { version, description, user, createdAt } = release;
    const said = [statusOf(release), description].filter((text) => text !== '').join(': ');
    return [`v${version}`, said, user, formatAgo(createdAt, now)];
  });
  return formatTable(
    { header, rows, flexible: 'description', expendable: ['user'] },
    width,
    (cell, column, row) => {
      if (column === 'v') return paint(styles.get(row[0] ?? '') ?? 'cyan', cell);
      return column === 'created_at' ? paint('dim', cell) : cell;
    },
  );
}

function statusOf({ status, failure }: ReleaseView): string {
  return failure === undefined ? STATUS[status].text : 'could not be released';
}

export function describeRelease(release: ReleaseView): readonly string[] {
  const text = statusOf(release);
  const { addonPlans } = release;
  return formatPairs([
    ...(addonPlans.length > 0 ? [['Add-ons', addonPlans.join(', ')] as const] : []),
    ['By', release.user],
    ['Change', `${release.description}${text === '' ? '' : ` (${text})`}`],
    ['Eligible for Rollback?', release.canRunAgain ? 'Yes' : 'No'],
    ['When', apiTime(release.createdAt)],
  ]);
}
