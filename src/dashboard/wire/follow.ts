import type { HostEvent } from '../../api/control.js';
import { decodeEvent } from '../../api/dynosim/host-events.js';
import { type Api, CallError } from './api.js';
import { wait } from './time.js';

/** How the page is connected to dynosim. */
export type Connection =
  | { readonly at: 'connecting' }
  | { readonly at: 'live' }
  /** @param attempts how often it has failed since it was live */
  | { readonly at: 'lost'; readonly attempts: number };

export interface Follower {
  /** Takes how things stand, then batches of changes. */
  onEvents(events: readonly HostEvent[], isSnapshot: boolean): void;
  onConnection(connection: Connection): void;
  /** The token is not accepted (any longer). */
  onRefused(): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/** Follows the host's events until the signal is aborted, and connects again when the stream ends. */
export async function follow(api: Api, follower: Follower, signal: AbortSignal): Promise<void> {
  let attempts = 0;
  follower.onConnection({ at: 'connecting' });
  while (!signal.aborted) {
    try {
      await followOnce(api, follower, signal, () => {
        attempts = 0;
      });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.status === 401) return follower.onRefused();
    }
    if (signal.aborted) return;
    attempts++;
    follower.onConnection({ at: 'lost', attempts });
    await wait(Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LAST_RETRY_MS), signal);
  }
}

async function followOnce(api: Api, follower: Follower, signal: AbortSignal, onLive: () => void) {
  let snapshot: HostEvent[] | undefined = [];
  for await (const batch of api.events('/dynosim/events', signal)) {
    const events = batch.map(({ name, data }) => decodeEvent(name, JSON.parse(data)));
    if (!snapshot) {
      follower.onEvents(events, false);
      continue;
    }
    // The page shows the old state until the new one is complete.
    snapshot.push(...events);
    if (!events.some(({ event }) => event === 'current')) continue;
    onLive();
    follower.onEvents(snapshot, true);
    follower.onConnection({ at: 'live' });
    snapshot = undefined;
  }
}
