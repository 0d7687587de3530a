import type { EventsRequest, HostEvent } from '../api/control.js';
import { Live } from './live.js';
import { NOTHING, type State } from './state/model.js';
import { reduce } from './state/reduce.js';
import type { Api } from './wire/api.js';
import { type Connection, follow } from './wire/follow.js';
import { leave } from './wire/session.js';
import { coalesce } from './wire/time.js';

/** The page draws itself anew at most this often, however many events come; less often if more come than a person can read. */
const DRAW_MS = 100;
const MANY_EVENTS = 10;
const DRAW_MANY_MS = 400;

export const state = new Live<State>(NOTHING);
/** How often the page has got the whole current state: what was read before that may be out of date. */
export const snapshots = new Live(0);

export const connection = new Live<Connection>({ at: 'connecting' });

/** Keeps `state` as dynosim is, until the signal is aborted. */
export function keepCurrent(api: Api, wanted: EventsRequest, end: AbortSignal): Promise<void> {
  let news: HostEvent[] = [];
  let drawMs = DRAW_MS;
  const apply = coalesce(
    () => drawMs,
    () => {
      if (end.aborted) return;
      drawMs = news.length > MANY_EVENTS ? DRAW_MANY_MS : DRAW_MS;
      state.value = news.reduce(reduce, state.value);
      news = [];
    },
  );
  const follower = {
    onEvents(events: readonly HostEvent[], isSnapshot: boolean): void {
      if (isSnapshot) {
        news = [];
        state.value = events.reduce(reduce, NOTHING);
        snapshots.value++;
      } else {
        for (const event of events) news.push(event);
        apply();
      }
    },
    onConnection(now: Connection): void {
      connection.value = now;
    },
    onRefused: leave,
  };
  return follow(api, wanted, follower, end);
}
