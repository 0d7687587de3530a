/** An app without requests for so long is quiet. */
const QUIET_MS = 10_000;

/**
 * A number that changes whenever something should be read again.
 * @param latest when the latest request came, wall-clock ms
 * @param busyMs how often to read while requests come
 * @param quietMs how often to read while none come
 */
export function refreshStep(
  now: number,
  latest: number | undefined,
  busyMs: number,
  quietMs: number,
): number {
  return Math.floor(now / (now - (latest ?? 0) < QUIET_MS ? busyMs : quietMs));
}
