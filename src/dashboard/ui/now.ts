import { useLive } from '../live.js';
import { connection } from '../store.js';
import { second, wallNow } from '../wire/time.js';

/** The time for which the page speaks, wall-clock ms: now or, while dynosim does not answer, when it last did. */
export function useNow(): number {
  useLive(second);
  // Newer than `second`: an event since then must not lie in the future.
  const now = wallNow();
  const connected = useLive(connection);
  return connected.at === 'lost' ? Math.min(now, connected.since) : now;
}
