import type { EventsRequest, HostEvent } from '../../api/control.js';
import { decodeEvent } from '../../api/dynosim/host-events.js';
import { type Api, CallError } from './api.js';
import { wait, wallNow } from './time.js';

/** How the page is connected to dynosim. */
export type Connection =
  | { readonly at: 'connecting' }
  | { readonly at: 'live' }
  /** `since`: wall-clock ms. */
  | { readonly at: 'lost'; readonly since: number }
  /** dynosim answers, but has no such app. */
  | { readonly at: 'missing' };

export interface Follower {
  /** Takes the current state, then batches of changes. */
  onEvents(events: readonly HostEvent[], isSnapshot: boolean): void;
  onConnection(connection: Connection): void;
  /** The token is not accepted, or no longer. */
  onRefused(problem: string): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/** Follows events of the host until the signal is aborted, and connects again when the stream ends. */
export async function follow(
  api: Api,
  wanted: EventsRequest,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  let attempts = 0;
  let lostAt: number | undefined;
  const onLive = (): void => {
    [attempts, lostAt] = [0, undefined];
    follower.onConnection({ at: 'live' });
  };
  follower.onConnection({ at: 'connecting' });
  while (!signal.aborted) {
    let isMissing = false;
    try {
      await followOnce(api, wanted, { ...follower, onLive }, signal);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.status === 401) return follower.onRefused(error.message);
      isMissing = error.status === 404;
    }
    if (signal.aborted) return;
    if (isMissing) follower.onConnection({ at: 'missing' });
    else {
      api.distrust();
      lostAt ??= wallNow();
      follower.onConnection({ at: 'lost', since: lostAt });
    }
    await wait(Math.min(FIRST_RETRY_MS * 2 ** attempts++, LAST_RETRY_MS), signal);
  }
}

async function followOnce(
  api: Api,
  { app, include = [] }: EventsRequest,
  { onEvents, onLive }: Pick<Follower, 'onEvents'> & { onLive(): void },
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams({ include: include.join(), ...(app !== undefined && { app }) });
  let snapshot: HostEvent[] | undefined = [];
  for await (const batch of api.events(`/dynosim/events?${query}`, signal)) {
    const events = batch.map(({ name, data }) => decodeEvent(name, JSON.parse(data)));
    if (!snapshot) {
      onEvents(events, false);
      continue;
    }
    // The page shows the old state until the new one is complete.
    snapshot.push(...events);
    if (!events.some(({ event }) => event === 'current')) continue;
    onEvents(snapshot, true);
    onLive();
    snapshot = undefined;
  }
}
