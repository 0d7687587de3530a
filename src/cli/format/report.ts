import type { ReportView, WakeView } from '../../apps/sleep/views.js';
import { formatDuration, formatSeconds } from '../../base/duration.js';
import type { Style } from '../../base/style.js';
import { shorten, withoutControls } from '../../base/wording.js';
import { formatTime } from './age.js';
import { formatTable, type Layout } from './table.js';

/** How many wakes to show: the last ones. */
const SHOWN = 20;
/** Columns of the longest bar. */
const BAR = 16;
/** The width without a terminal: some clients have long names. */
const WIDEST = 120;
const CALLERS = 5;

export function formatReport(report: ReportView, options: Layout): readonly string[] {
  const { wakes, totals, quota } = report;
  const { heading, paint } = options;
  const format = { ...options, width: Math.min(options.width, WIDEST) };
  const lines = [heading(`Wakes (${totals.wakes})`), ''];
  if (wakes.length === 0) lines.push('The app has not been woken yet.', '');
  else {
    const shown = wakes.slice(-SHOWN);
    if (shown.length < wakes.length) lines.push(`The last ${SHOWN}; --json shows all.`, '');
    lines.push(...wakeTable(shown, format), '');
    lines.push(
      `Bars: ${paint('yellow', '▒')} delay of the platform  ${paint('green', '█')} boot  ${paint('dim', '·')} answer`,
      ...(wakes.some(({ firstByteMs }) => firstByteMs !== null) ? [waits(totals)] : []),
      '',
    );
  }
  lines.push(...callerLines(report, format));
  lines.push(
    heading('Eco dyno hours'),
    '',
    `Used:                ${hours(totals.hoursUsed)}`,
    `Saved by sleeping:   ${hours(totals.hoursSaved)}`,
    `A month of the same: ${hours(totals.projectedMonthHours)}`,
    ...(quota ? [`Left this month:     ${hours(quota.left)} of ${hours(quota.hours)}`] : []),
  );
  return lines;
}

function waits({ p50Ms, p95Ms, maxMs }: ReportView['totals']): string {
  return `Waited for the first byte: half up to ${formatSeconds(p50Ms)}, 95 % up to ${formatSeconds(p95Ms)}, longest ${formatSeconds(maxMs)}`;
}

function wakeTable(wakes: readonly WakeView[], { paint, width }: Layout): readonly string[] {
  const longest = Math.max(...wakes.map(lengthOf), 1);
  const header = ['time', 'slept', 'waited', 'held', 'where the time went', 'woken by'];
  const rows = wakes.map((wake) => [
    formatTime(Date.parse(wake.at)).slice(11, 19),
    formatDuration(Math.round(wake.sleptMs / 1000) * 1000),
    wake.firstByteMs === null ? '-' : formatSeconds(wake.firstByteMs),
    String(wake.held),
    bar(wake, longest),
    wakerOf(wake),
  ]);
  return formatTable(
    { header, rows, flexible: 'woken by', expendable: ['held', 'slept'] },
    width,
    (cell, column) => (column === 'where the time went' ? paintBar(cell, paint) : cell),
  );
}

function wakerOf({ method, path, userAgent, bootMs }: WakeView): string {
  const by = method === null ? 'by hand' : withoutControls(`${method} ${path} ${userAgent ?? ''}`).trimEnd();
  return bootMs === null ? `${by} (crashed)` : by;
}

function lengthOf({ firstByteMs, delayMs, bootMs }: WakeView): number {
  return Math.max(firstByteMs ?? 0, (delayMs ?? 0) + (bootMs ?? 0));
}

/** `▒▒▒▒▒█·`: each part as long as its share of the longest wake. */
function bar(wake: WakeView, longest: number): string {
  const { delayMs, bootMs } = wake;
  if (delayMs === null || bootMs === null) return '';
  const columns = (ms: number): number => Math.round((ms / longest) * BAR);
  const rest = Math.max(0, lengthOf(wake) - delayMs - bootMs);
  return '▒'.repeat(columns(delayMs)) + '█'.repeat(columns(bootMs)) + '·'.repeat(columns(rest));
}

function paintBar(cell: string, paint: Layout['paint']): string {
  const styles: Readonly<Record<string, Style>> = { '▒': 'yellow', '█': 'green', '·': 'dim' };
  return cell.replaceAll(/▒+|█+|·+/g, (run) => paint(styles[run[0] ?? ''] ?? 'dim', run));
}

function callerLines({ callers }: ReportView, { heading, paint, width }: Layout): readonly string[] {
  if (callers.length === 0) return [];
  const all = callers.reduce((sum, { requests }) => sum + requests, 0);
  return [
    heading('Clients that keep it awake'),
    '',
    ...callers.slice(0, CALLERS).map(({ userAgent, requests, isRobot }) => {
      const share = `${Math.round((requests / all) * 100)}%`.padStart(4);
      const noun = (requests === 1 ? 'request' : 'requests').padEnd(8);
      const head = `${share}  ${String(requests).padStart(5)} ${noun}  `;
      const robot = isRobot ? ' (a robot)' : '';
      const name = withoutControls(userAgent) || '(no user agent)';
      const line = `${head}${shorten(name, width - head.length - robot.length)}${robot}`;
      return isRobot ? paint('yellow', line) : line;
    }),
    '',
  ];
}

function hours(hours: number): string {
  return `${hours.toFixed(1)} h`;
}
