import type { Mark, MetricsPoint, MetricsView, RequestCounts } from '../../apps/metrics/views.js';
import { METRICS_WINDOWS } from '../../apps/metrics/windows.js';
import { formatSeconds } from '../../base/duration.js';
import type { Style } from '../../base/style.js';
import { withoutControls } from '../../base/wording.js';
import { formatTime } from './age.js';
import { formatBytes } from './bytes.js';
import { sparkline } from './sparkline.js';
import { formatPairs, formatTable, type Layout } from './table.js';

/** The width without a terminal. */
const WIDEST = 120;
/** Columns of the plots beside their titles. */
const PLOT = 60;
/** How many marks to show: the last ones. */
const SHOWN = 15;
/** Columns of the longest bar. */
const BAR = 16;

const TITLES: Readonly<Record<MetricsView['window'], string>> = {
  '5m': 'the last 5 minutes',
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
};

export function formatMetrics(metrics: MetricsView, options: Layout): readonly string[] {
  const { heading } = options;
  const width = Math.min(options.width, WIDEST);
  const format = { ...options, width };
  return [
    heading(`Requests of ${TITLES[metrics.window]}`),
    '',
    ...requestLines(metrics, format),
    '',
    heading('Memory'),
    '',
    ...memoryLines(metrics, format),
    '',
    heading('What happened'),
    '',
    ...markLines(metrics, format),
  ];
}

function requestLines(metrics: MetricsView, { paint, width }: Layout): readonly string[] {
  const { totals, window } = metrics;
  if (totals.requests === 0) return ['There were none.'];
  const { lengthMs } = METRICS_WINDOWS[window];
  const columns = inColumns(metrics, Math.max(10, Math.min(PLOT, width - 40)));
  const throughput = columns.map((points) => points.reduce((sum, { requests }) => sum + requests, 0));
  const longest = columns.map((points) => Math.max(0, ...points.map(({ maxMs }) => maxMs ?? 0)));
  const busiest = rate(Math.max(...throughput), lengthMs / columns.length, lengthMs);
  return formatPairs([
    ['Requests', `${totals.requests} (${rate(totals.requests, lengthMs, lengthMs)})`],
    ['Status', statuses(totals, paint)],
    ['Response time', times(totals)],
    ['Waited for a dyno', String(totals.held)],
    ['Throughput', `${paint('green', sparkline(throughput))} up to ${busiest}`],
    ['Longest', `${paint('yellow', sparkline(longest))} up to ${duration(Math.max(...longest))}`],
  ]);
}

/** The steps by the column of a plot over the whole window. */
function inColumns(
  { window, from, points }: MetricsView,
  count: number,
): readonly (readonly MetricsPoint[])[] {
  const { lengthMs } = METRICS_WINDOWS[window];
  const columns: MetricsPoint[][] = Array.from({ length: count }, () => []);
  for (const point of points) columns[Math.floor(((point.at - from) * count) / lengthMs)]?.push(point);
  return columns;
}

const STATUS_STYLES: Readonly<Record<string, Style>> = { '4xx': 'yellow', '5xx': 'red' };

function statuses({ statuses }: RequestCounts, paint: Layout['paint']): string {
  return Object.entries(statuses)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => {
      const style = STATUS_STYLES[name];
      return style ? paint(style, `${name} ${count}`) : `${name} ${count}`;
    })
    .join('  ');
}

function times({ p50Ms, p95Ms, p99Ms, maxMs }: RequestCounts): string {
  const named = Object.entries({ p50: p50Ms, p95: p95Ms, p99: p99Ms, max: maxMs });
  return named.map(([name, ms]) => `${name} ${ms === null ? '-' : duration(ms)}`).join('  ');
}

/** `0.8 ms`, `18 ms`, `5.4 s` */
function duration(ms: number): string {
  if (ms >= 1000) return formatSeconds(ms);
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

/** In ms. */
const LONGER_UNITS = { min: 60_000, h: 3_600_000, day: 86_400_000 } as const;

/**
 * How often something happened: `11/s`, `2.4/min`, `5/h`.
 * @param times how many times within `ms`
 * @param longestMs no longer unit is used, even if it happened less than once in this one
 */
function rate(times: number, ms: number, longestMs: number): string {
  let [amount, unit] = [(times * 1000) / ms, 's'];
  for (const [longer, unitMs] of Object.entries(LONGER_UNITS))
    if (amount < 1 && unitMs <= longestMs) [amount, unit] = [(times * unitMs) / ms, longer];
  return `${Number(amount.toFixed(amount < 10 ? 1 : 0))}/${unit}`;
}

function memoryLines({ dynos }: MetricsView, { paint, width }: Layout): readonly string[] {
  const measured = dynos.filter(({ memory, points }) => memory !== null || points.length > 0);
  if (measured.length === 0) return ['No dyno has been measured.'];
  const rows = measured.map(({ dyno, memory, memoryQuota, points }) => {
    const most = Math.max(memory ?? 0, ...points.map(({ bytes }) => bytes));
    return [
      dyno,
      memory === null ? '-' : formatBytes(memory),
      memoryQuota === null ? '-' : formatBytes(memoryQuota),
      memory === null || memoryQuota === null ? '' : bar(memory / memoryQuota),
      formatBytes(most),
    ];
  });
  const header = ['dyno', 'now', 'quota', 'used', 'most'];
  return formatTable({ header, rows, expendable: ['used', 'most'] }, width, (cell, column) =>
    column === 'used' ? paint(cell.includes('!') ? 'red' : 'green', cell) : cell,
  );
}

/** `███             12%`, with a mark above the quota. */
function bar(share: number): string {
  const columns = Math.min(BAR, Math.round(share * BAR));
  return `${'█'.repeat(columns).padEnd(BAR)} ${Math.round(share * 100)}%${share > 1 ? ' !' : ''}`;
}

function markLines({ marks }: MetricsView, { paint, width }: Layout): readonly string[] {
  if (marks.length === 0) return ['Nothing.'];
  const shown = marks.slice(-SHOWN);
  const rows = shown.map(({ at, kind, text, dyno, count }) => [
    formatTime(at).slice(11, 19),
    kind,
    dyno ?? '',
    `${withoutControls(text)}${count > 1 ? ` (${count} times)` : ''}`,
  ]);
  return [
    ...formatTable(
      { header: ['time', 'kind', 'dyno', 'what'], rows, flexible: 'what', expendable: ['dyno'] },
      width,
      (cell, column) => (column === 'kind' && isTrouble(cell.trim()) ? paint('red', cell) : cell),
    ),
    '',
    ...(shown.length < marks.length ? [`The last ${SHOWN}; --json shows all.`] : []),
    `All: ${summary(marks)}`,
  ];
}

function isTrouble(kind: string): boolean {
  return kind === 'crash' || /^[HR]\d/.test(kind);
}

/** `wake 3, sleep 3, H12 7`: the most frequent first. */
function summary(marks: readonly Mark[]): string {
  const counts = new Map<string, number>();
  for (const { kind, count } of marks) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

/** As `metrics --json` prints them: times are ISO 8601. */
export function toMetricsJson({ from, until, points, dynos, marks, ...metrics }: MetricsView): object {
  const { window, stepMs, totals } = metrics;
  return {
    window,
    from: iso(from),
    until: iso(until),
    stepMs,
    totals,
    points: points.map(dated),
    dynos: dynos.map(({ points, ...dyno }) => ({ ...dyno, points: points.map(dated) })),
    marks: marks.map(dated),
  };
}

function dated<T extends { readonly at: number }>({ at, ...rest }: T): object {
  return { at: iso(at), ...rest };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
