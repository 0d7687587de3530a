import { Live } from '../live.js';

/** Timers and the time of day, for the whole page. */

/** Wall-clock ms. */
export function wallNow(): number {
  return Date.now();
}

/** Resolves after this long, or when the signal is aborted. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/**
 * The outcome of a promise.
 * @throws Error if it takes longer than this
 */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It has been silent for too long')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Calls back once after this long. */
export function after(ms: number, callback: () => void): void {
  setTimeout(callback, ms);
}

/** The wall-clock time, once a second. It stands still while nobody sees the page. */
export const second = new Live(wallNow());

/** Keeps `second` current. */
export function tick(): void {
  if (!document.hidden) second.value = wallNow();
  setTimeout(tick, 1000 - (wallNow() % 1000));
}

/** Returns a function that makes one call of many within `ms()`. */
export function coalesce(ms: () => number, callback: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      callback();
    }, ms());
  };
}
