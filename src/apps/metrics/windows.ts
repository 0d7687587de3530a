import type { MetricsWindow } from './views.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How far back metrics go, and in which steps. */
export const METRICS_WINDOWS: Readonly<
  Record<MetricsWindow, { readonly lengthMs: number; readonly stepMs: number }>
> = {
  '5m': { lengthMs: 5 * MINUTE, stepMs: SECOND },
  '1h': { lengthMs: HOUR, stepMs: 10 * SECOND },
  '24h': { lengthMs: 24 * HOUR, stepMs: MINUTE },
};
