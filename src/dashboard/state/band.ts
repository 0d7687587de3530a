import type { SleepChangeView, SleepView } from '../../apps/sleep/views.js';
import type { AppState } from './model.js';

/** A change of an app's sleep. Without dynos, it is neither asleep nor awake. */
export interface SleepChange {
  readonly state: SleepView['state'] | 'empty';
  /** On the axis on which it is drawn, ms. */
  readonly at: number;
}

/** A window of an axis, ms. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A while in one state. Its ends are shares of the axis, 0 to 1. */
export interface BandPart extends Span {
  readonly state: Exclude<SleepChange['state'], 'empty'>;
  /** On the axis, ms. */
  readonly since: number;
  readonly lastedMs: number;
}

/** More parts than this cannot be distinguished, and take long to draw. */
const MOST_PARTS = 1000;

/** When an app slept and was awake within a window, oldest first. Before the first change, nothing is known. */
export function bandOf(changes: readonly SleepChange[], window: Span): readonly BandPart[] {
  const parts = partsOf(changes, window);
  return parts.length > MOST_PARTS ? partsOf(sampled(changes, window), window) : parts;
}

/** What the state was at the beginning of each of `MOST_PARTS` steps. */
function sampled(changes: readonly SleepChange[], { from, until }: Span): readonly SleepChange[] {
  const samples: SleepChange[] = [];
  let next = 0;
  for (let step = 0; step < MOST_PARTS; step++) {
    const at = from + ((until - from) / MOST_PARTS) * step;
    while ((changes[next]?.at ?? Number.POSITIVE_INFINITY) <= at) next++;
    const state = changes[next - 1]?.state;
    if (state !== undefined && state !== samples.at(-1)?.state) samples.push({ state, at });
  }
  return samples;
}

function partsOf(changes: readonly SleepChange[], { from, until }: Span): readonly BandPart[] {
  const share = (at: number): number => Math.min(1, Math.max(0, (at - from) / (until - from)));
  return changes.flatMap(({ state, at }, index) => {
    const end = changes[index + 1]?.at ?? until;
    if (state === 'empty' || end <= from || at >= until || end === at) return [];
    return [{ state, from: share(at), until: share(end), since: at, lastedMs: end - at }];
  });
}

/**
 * The changes of a report on an axis of platform time: there, a day of sleep is a day, however fast it passed.
 * @param isEmpty whether the app has no dynos now
 */
export function platformChanges(
  history: readonly SleepChangeView[],
  isEmpty: boolean,
): readonly SleepChange[] {
  return history.map(({ state, platformAt }, index) => ({
    state: isEmpty && index === history.length - 1 ? 'empty' : state,
    at: Date.parse(platformAt),
  }));
}

/**
 * The changes of sleep among an app's marks, on an axis of wall-clock time, oldest first. What falls asleep was awake, and
 * the other way round, as long as anything is known of it.
 */
export function markedChanges({
  marks,
  requests,
  sleep,
  dynos,
}: Pick<AppState, 'marks' | 'requests' | 'sleep' | 'dynos'>): readonly SleepChange[] {
  const changes = marks.flatMap(({ kind, at }): readonly SleepChange[] => {
    if (kind === 'sleep') return [{ state: 'asleep', at }];
    return kind === 'wake' ? [{ state: 'awake', at }] : [];
  });
  const [first] = changes;
  if (first) {
    const known = [...marks.slice(0, 1), ...requests.slice(0, 1)].map(({ at }) => at);
    changes.unshift({ state: first.state === 'asleep' ? 'awake' : 'asleep', at: Math.min(...known) });
  }
  if (!sleep) return changes;
  const state = dynos.length === 0 ? 'empty' : sleep.state;
  return changes.at(-1)?.state === state ? changes : [...changes, { state, at: sleep.since }];
}

/** Windows of the band, shortest first. */
export const BAND_WINDOWS = { '1h': 3_600_000, '6h': 6 * 3_600_000, '24h': 24 * 3_600_000 } as const;
export type BandWindow = keyof typeof BAND_WINDOWS;

/** The shortest window that shows all that is known, if one does. */
export function fittingWindow(first: number, now: number): BandWindow {
  if (now - first < BAND_WINDOWS['1h']) return '1h';
  return now - first < BAND_WINDOWS['6h'] ? '6h' : '24h';
}

const MINUTE = 60_000;
const STEPS = [1, 5, 10, 15, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE);

/**
 * Round times on an axis, at most `most` of them.
 * @param offsetMs of the reader's time zone from UTC
 */
export function ticksOf({ from, until }: Span, most: number, offsetMs: number): readonly number[] {
  const step = STEPS.find((size) => (until - from) / size <= most) ?? 12 * 60 * MINUTE;
  const first = Math.ceil((from + offsetMs) / step) * step - offsetMs;
  return Array.from({ length: Math.floor((until - first) / step) + 1 }, (_, index) => first + index * step);
}
