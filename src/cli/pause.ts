import { systemClock } from '../base/clock.js';

/** Resolves after a while of real time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    systemClock.after(ms, resolve);
  });
}
