import type { RequestTimeline } from '../logs/entry.js';
import type { BackendBoot } from './backends.js';

/** The moments of a request. All times are from the real clock, ms. */
export interface RequestMoments {
  readonly arrivedAt: number;
  /** When the dyno got the request; undefined if none did. */
  readonly sentAt: number | undefined;
  /** When the client was sent the first byte; undefined if the dyno sent no response. */
  readonly answeredAt: number | undefined;
  readonly endedAt: number;
  /** How long it took to connect to the dyno, if one was tried. */
  readonly connectMs: number | undefined;
  /** Of the dyno that the request waited for; undefined if it did not wait for one that served it. */
  readonly boot: BackendBoot | undefined;
}

/** Says where a request's time went: which part of its wait was a wake's delay, which the dyno's boot. */
export function timelineOf(moments: RequestMoments): RequestTimeline {
  const { arrivedAt, sentAt, answeredAt, endedAt, connectMs = 0, boot } = moments;
  const waitedUntil = sentAt ?? endedAt;
  const waited = (from: number, until: number): number =>
    Math.max(0, Math.min(until, waitedUntil) - Math.max(from, arrivedAt));
  const delayMs = boot === undefined ? 0 : waited(boot.beganAt, boot.spawnedAt);
  const bootMs = boot === undefined ? 0 : waited(boot.spawnedAt, boot.upAt);
  return {
    queuedMs: tenths(Math.max(0, waitedUntil - arrivedAt - delayMs - bootMs - connectMs)),
    delayMs: tenths(delayMs),
    bootMs: tenths(bootMs),
    connectMs: tenths(connectMs),
    firstByteMs: sentAt === undefined ? null : tenths((answeredAt ?? endedAt) - sentAt),
    bodyMs: answeredAt === undefined ? null : tenths(endedAt - answeredAt),
    totalMs: tenths(endedAt - arrivedAt),
  };
}

/** Rounded to a tenth of a millisecond: apps here often answer in less than one. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
