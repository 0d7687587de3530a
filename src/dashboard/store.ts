import { signal } from '@preact/signals';
import type { HostEvent } from '../api/control.js';
import { NOTHING, type State } from './state/model.js';
import { reduce } from './state/reduce.js';
import type { Api } from './wire/api.js';
import { type Connection, follow } from './wire/follow.js';
import { leave } from './wire/session.js';

export const state = signal<State>(NOTHING);
const connection = signal<Connection>({ at: 'connecting' });

/** Keeps `state` as dynosim is, until the signal is aborted. */
export async function keepCurrent(api: Api, end: AbortSignal): Promise<void> {
  const follower = {
    onEvents(events: readonly HostEvent[], isSnapshot: boolean): void {
      state.value = events.reduce(reduce, isSnapshot ? NOTHING : state.value);
    },
    onConnection(now: Connection): void {
      connection.value = now;
    },
    onRefused(): void {
      leave('This session has ended.');
    },
  };
  await follow(api, follower, end);
}
