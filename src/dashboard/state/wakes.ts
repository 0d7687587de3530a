import type { WakeView } from '../../apps/sleep/views.js';
import { clockTime, dayTime } from './format.js';

/** A part of what a wake took. */
export interface WakePart {
  readonly key: 'delayMs' | 'bootMs' | 'firstByteMs';
  /** `wake delay` */
  readonly label: string;
  readonly ms: number;
}

/** What a wake took, in order, without the parts that are unknown. The last one is the dyno's answer. */
export function wakeParts({ delayMs, bootMs, firstByteMs }: WakeTimes): readonly WakePart[] {
  const passed = (delayMs ?? 0) + (bootMs ?? 0);
  // The first byte is counted from the arrival of the request.
  const answerMs = firstByteMs === null ? null : Math.max(0, firstByteMs - passed);
  const parts = [
    { key: 'delayMs', label: 'wake delay', ms: delayMs },
    { key: 'bootMs', label: 'boot', ms: bootMs },
    { key: 'firstByteMs', label: 'answer', ms: answerMs },
  ] as const;
  return parts.flatMap(({ key, label, ms }) => (ms === null ? [] : [{ key, label, ms }]));
}

type WakeTimes = Pick<WakeView, 'delayMs' | 'bootMs' | 'firstByteMs'>;

/** When an app was woken: on the reader's clock, and in platform time where that differs. */
export function wakeTimes(
  { at, platformAt }: Pick<WakeView, 'at' | 'platformAt'>,
  now: number,
): readonly [wall: string, platform?: string] {
  const [wall, platform] = [Date.parse(at), Date.parse(platformAt)];
  const time = dayTime(wall, now, clockTime);
  return platform - wall < 1000 ? [time] : [time, dayTime(platform, now, clockTime)];
}

/** What woke the app: `GET /jobs`, or the user. */
export function wakeCause({ method, path }: Pick<WakeView, 'method' | 'path'>): string {
  return method === null ? 'woken by hand' : `${method} ${path ?? ''}`;
}
