import type { RouterFacts } from '../../logs/entry.js';
import type { RequestCounts, StatusClass } from './views.js';

/**
 * Response times are counted in buckets, each as wide as the eighth part of an octave: a percentile is at most 4.5 % off,
 * and those of several tallies can be merged.
 */
const PER_OCTAVE = 8;
/** Shorter times are in the first bucket. */
const SHORTEST_MS = 0.1;
/** The last bucket begins at 75 s, beyond all time limits but those of streams. */
const BUCKETS = Math.ceil(PER_OCTAVE * Math.log2(75_000 / SHORTEST_MS)) + 1;

const CLASSES: readonly StatusClass[] = ['1xx', '2xx', '3xx', '4xx', '5xx'];

/** Behind the buckets: a count for each class, the number of held requests, and the longest time in tenths of ms. */
const HELD = BUCKETS + CLASSES.length;
const LONGEST = HELD + 1;
const LENGTH = LONGEST + 1;

/** Requests of some time: counters and a histogram of response times, in one array. */
export type Tally = Uint32Array;

/** @param old a tally to be used again */
export function emptyTally(old?: Tally): Tally {
  return old?.fill(0) ?? new Uint32Array(LENGTH);
}

export function addRequest(tally: Tally, { status, isHeld, timeline }: RouterFacts): void {
  increase(tally, BUCKETS + Math.min(Math.max(Math.floor(status / 100), 1), CLASSES.length) - 1);
  if (isHeld) increase(tally, HELD);
  // An upgraded connection lasts as long as both sides want.
  if (status === 101) return;
  const tenths = Math.round(timeline.totalMs * 10);
  increase(tally, bucketOf(timeline.totalMs));
  if (tenths > (tally[LONGEST] ?? 0)) tally[LONGEST] = tenths;
}

function increase(tally: Tally, index: number): void {
  tally[index] = (tally[index] ?? 0) + 1;
}

export function mergeTallies(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    for (let i = 0; i < LONGEST; i += 1) sum[i] = (sum[i] ?? 0) + (tally[i] ?? 0);
    sum[LONGEST] = Math.max(sum[LONGEST] ?? 0, tally[LONGEST] ?? 0);
  }
  return sum;
}

export function countsOf(tally: Tally): RequestCounts {
  const ofClass = (index: number): number => tally[BUCKETS + index] ?? 0;
  const statuses = Object.fromEntries(CLASSES.map((name, index) => [name, ofClass(index)]));
  const timed = tally.subarray(0, BUCKETS).reduce((sum, count) => sum + count, 0);
  const percentile = (share: number): number | null =>
    timed === 0 ? null : percentileOf(tally, Math.ceil(timed * share), timed);
  return {
    requests: CLASSES.reduce((sum, _, index) => sum + ofClass(index), 0),
    held: tally[HELD] ?? 0,
    statuses: statuses as Record<StatusClass, number>,
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
    maxMs: percentile(1),
  };
}

/** @param rank of the response time among all, from 1 */
function percentileOf(tally: Tally, rank: number, timed: number): number {
  const longest = (tally[LONGEST] ?? 0) / 10;
  if (rank === timed) return longest;
  let seen = 0;
  let bucket = 0;
  for (; bucket < BUCKETS; bucket += 1) {
    seen += tally[bucket] ?? 0;
    if (seen >= rank) break;
  }
  // The last bucket has no end.
  return bucket >= BUCKETS - 1 ? longest : Math.min(longest, Math.round(middleOf(bucket) * 10) / 10);
}

function bucketOf(ms: number): number {
  if (ms <= SHORTEST_MS) return 0;
  return Math.min(BUCKETS - 1, Math.floor(PER_OCTAVE * Math.log2(ms / SHORTEST_MS)));
}

function middleOf(bucket: number): number {
  return SHORTEST_MS * 2 ** ((bucket + 0.5) / PER_OCTAVE);
}
