import type {
  Mark,
  MetricsPoint,
  MetricsView,
  MetricsWindow,
  StatusClass,
} from '../../apps/metrics/views.js';

export const WINDOWS: Readonly<
  Record<
    MetricsWindow,
    { readonly label: string; readonly ms: number; readonly stepMs: number; readonly refreshMs: number }
  >
> = {
  '5m': { label: '5 min', ms: 5 * 60_000, stepMs: 1000, refreshMs: 2000 },
  '1h': { label: '1 h', ms: 60 * 60_000, stepMs: 10_000, refreshMs: 10_000 },
  '24h': { label: '24 h', ms: 24 * 60 * 60_000, stepMs: 60_000, refreshMs: 60_000 },
};

type MarkKind = Mark['kind'];

/** What a chart draws: times in s, then for each line a value at each of them, null for none. */
export type ChartData = readonly [times: readonly number[], ...lines: (readonly (number | null)[])[]];

/** In the order in which they are drawn: where they are the same, the last one is seen. */
export const LATENCIES = [
  'maxMs',
  'p99Ms',
  'p95Ms',
  'p50Ms',
] as const satisfies readonly (keyof MetricsPoint)[];

/** From the one drawn first: each bar hides the lower part of the one before it. */
export const STACKED: readonly StatusClass[] = ['5xx', '4xx', '3xx', '2xx', '1xx'];

/** Response times: the longest, p99, p95 and p50. */
export function latencyData(view: MetricsView): ChartData {
  const { times, at } = stepsOf(view);
  const points = new Map(view.points.map((point) => [at(point.at), point]));
  return [
    times.map(inSeconds),
    // The scale is logarithmic: there is no 0 on it.
    ...LATENCIES.map((key) => times.map((time) => atLeastOne(points.get(time)?.[key]))),
  ];
}

function atLeastOne(ms: number | null | undefined): number | null {
  return typeof ms === 'number' ? Math.max(1, ms) : null;
}

/** Requests per step by class of status, each added to those below it. */
export function throughputData(view: MetricsView): ChartData {
  const { times, at } = stepsOf(view);
  const points = new Map(view.points.map((point) => [at(point.at), point.statuses]));
  const below = (first: number) => STACKED.slice(first);
  return [
    times.map(inSeconds),
    ...STACKED.map((_, index) =>
      times.map((time) => {
        const statuses = points.get(time);
        return statuses ? below(index).reduce((sum, name) => sum + statuses[name], 0) : null;
      }),
    ),
  ];
}

/** How a line is drawn. */
export interface LineStyle {
  /** The name of a colour in the style sheet. */
  readonly color: string;
  readonly pattern?: 'dashed' | 'dotted' | undefined;
}

const COLORS = ['--teal', '--blue', '--amber', '--purple'] as const;
const PATTERNS = [undefined, 'dashed', 'dotted'] as const;

/** The style of one of several lines: the first twelve differ. */
export function lineStyle(index: number): LineStyle {
  const round = Math.floor(index / COLORS.length);
  return { color: COLORS[index % COLORS.length] ?? COLORS[0], pattern: PATTERNS[round % PATTERNS.length] };
}

/** How long what was measured of a dyno's memory counts at least: see `DynoMemoryView`. */
const MEMORY_STEP_MS = 10_000;

/** Memory of each dyno in bytes; null when it was not measured. */
export function memoryData(view: MetricsView): ChartData {
  const { times } = stepsOf(view);
  const stepMs = Math.max(MEMORY_STEP_MS, view.stepMs);
  return [
    times.map(inSeconds),
    ...view.dynos.map(({ points }) => {
      const measured = new Map(points.map(({ at, bytes }) => [at, bytes]));
      return times.map((time) => measured.get(Math.floor(time / stepMs) * stepMs) ?? null);
    }),
  ];
}

/** Every step of a window, and the step of a time. Empty steps are on the axis, too. */
function stepsOf({ from, until, stepMs }: MetricsView) {
  const at = (time: number): number => Math.floor(time / stepMs) * stepMs;
  const first = at(from) + stepMs;
  const length = Math.max(0, Math.floor((until - first) / stepMs) + 1);
  return { times: Array.from({ length }, (_, step) => first + step * stepMs), at };
}

function inSeconds(ms: number): number {
  return ms / 1000;
}

/** The rows of the strip below the charts. */
export const LANES = ['Releases', 'Dynos', 'Errors', 'Sleep'] as const;
export type Lane = (typeof LANES)[number];

export function laneOf(kind: MarkKind): Lane {
  switch (kind) {
    case 'release':
      return 'Releases';
    case 'sleep':
    case 'wake':
    case 'advance':
      return 'Sleep';
    case 'scale':
    case 'restart':
    case 'cycle':
    case 'crash':
    case 'maintenance':
      return 'Dynos';
    default:
      return 'Errors';
  }
}

/** Marks that lie so close to each other that they are drawn as one. */
export interface MarkGroup<SomeMark> {
  /** Where the first one is, as a share of the axis, 0 to 1. */
  readonly place: number;
  readonly marks: readonly SomeMark[];
}

/**
 * Groups marks, oldest first, so that what is drawn for each group does not cover the next.
 * @param closeness the share of the axis that is drawn on
 */
export function groupMarks<SomeMark extends Pick<Mark, 'at'>>(
  marks: readonly SomeMark[],
  { from, until }: { readonly from: number; readonly until: number },
  closeness: number,
): readonly MarkGroup<SomeMark>[] {
  const groups: { place: number; marks: SomeMark[] }[] = [];
  for (const mark of marks) {
    const place = (mark.at - from) / (until - from);
    if (place < 0 || place > 1) continue;
    const last = groups.at(-1);
    if (last && place < last.place + closeness) last.marks.push(mark);
    else groups.push({ place, marks: [mark] });
  }
  return groups;
}
