import type { RequestTimeline } from '../../logs/entry.js';

/** A part of a request's time. */
export interface Segment {
  readonly key: SegmentKey;
  readonly label: string;
  readonly ms: number;
  /** When it begins and ends, as shares of the whole, 0 to 1. */
  readonly from: number;
  readonly until: number;
}

const SEGMENTS = [
  ['queuedMs', 'Queued'],
  ['delayMs', 'Wake delay'],
  ['bootMs', 'Boot'],
  ['connectMs', 'Connect'],
  ['firstByteMs', 'First byte'],
  ['bodyMs', 'Body'],
] as const satisfies readonly (readonly [keyof RequestTimeline, string])[];

type SegmentKey = (typeof SEGMENTS)[number][0];

/** Where a request's time went, in order, without the parts that it did not have. */
export function segmentsOf(timeline: RequestTimeline): readonly Segment[] {
  const parts = SEGMENTS.flatMap(([key, label]) => {
    const ms = timeline[key];
    return ms === null || (ms === 0 && key !== 'firstByteMs') ? [] : [{ key, label, ms }];
  });
  const total = parts.reduce((sum, { ms }) => sum + ms, 0) || 1;
  let passed = 0;
  return parts.map((part) => {
    const from = passed / total;
    passed += part.ms;
    return { ...part, from, until: passed / total };
  });
}

/** Length of a request's bar, 0 to 1: by the logarithm, for a wake takes a thousand times as long as most requests. */
export function barLength(totalMs: number): number {
  const most = Math.log10(30_000);
  return Math.min(1, Math.max(0.02, Math.log10(Math.max(1, totalMs)) / most));
}
