import { counted } from './format.js';
import type { AppState } from './model.js';

/** `20 apps: 3 awake, 15 asleep, 1 without dynos, 1 with a crashed dyno`, each app counted once. */
export function inNumbers(apps: readonly Pick<AppState, 'dynos' | 'sleep'>[]): string {
  const kinds = { awake: 0, asleep: 0, 'without dynos': 0, 'with a crashed dyno': 0 };
  for (const { dynos, sleep } of apps) {
    const isCrashed = dynos.some(({ state }) => state === 'crashed');
    if (dynos.length === 0) kinds['without dynos']++;
    else if (isCrashed) kinds['with a crashed dyno']++;
    else kinds[sleep?.state === 'asleep' ? 'asleep' : 'awake']++;
  }
  const parts = Object.entries(kinds).filter(([, amount]) => amount > 0);
  return `${counted(apps.length, 'app')}: ${parts.map(([kind, amount]) => `${amount} ${kind}`).join(', ')}`;
}

/**
 * Adds up values in equal parts of a window of time, oldest first.
 * @param end of the window, wall-clock ms. It is moved to the next multiple of a part, so that parts keep their values
 *   while time passes
 */
export function inParts(
  values: readonly { readonly at: number; readonly requests: number }[],
  end: number,
  windowMs: number,
  parts: number,
): readonly number[] {
  const partMs = windowMs / parts;
  const start = Math.ceil(end / partMs) * partMs - windowMs;
  const sums = Array.from({ length: parts }, () => 0);
  for (const { at, requests } of values) {
    const part = Math.floor((at - start) / partMs);
    if (part >= 0 && part < parts) sums[part] = (sums[part] ?? 0) + requests;
  }
  return sums;
}
