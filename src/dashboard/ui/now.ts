import { useLive } from '../live.js';
import { connection } from '../store.js';
import { second } from '../wire/time.js';

/** The time for which the page speaks, wall-clock ms: now or, while dynosim does not answer, when it last did. */
export function useNow(): number {
  const now = useLive(second);
  const connected = useLive(connection);
  return connected.at === 'lost' ? Math.min(now, connected.since) : now;
}
