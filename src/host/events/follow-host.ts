import type { EventsRequest, HostEvent } from '../../api/control.js';
import type { App } from '../../apps/app.js';
import { Queue } from '../../base/queue.js';
import type { Registry } from '../registry.js';
import type { Item } from './feed.js';
import { followApp } from './follow-app.js';
import { type FollowedClock, followClock } from './follow-clock.js';

/** A reader that lags further behind is disconnected. When it reconnects, it gets the current state. */
const MAX_BACKLOG = 10_000;

/** A host, as far as events tell about it. */
export interface FollowedHost extends FollowedClock {
  readonly registry: Pick<Registry, 'list' | 'onChange'>;
}

/** Yields the current state, then each change, until the signal is aborted. */
export async function* followHost(
  host: FollowedHost,
  wanted: EventsRequest,
  signal: AbortSignal,
): AsyncGenerator<HostEvent> {
  const { registry } = host;
  const queue = new Queue<Item>(MAX_BACKLOG);
  const present: Item[] = [];
  let isPresent = true;
  // A host of many apps has more to tell at first than may wait later.
  const push = (item: Item): void => void (isPresent ? present : queue).push(item);
  const followed = new Map<App, { readonly name: string; readonly stop: () => void }>();
  const isWanted = (name: string): boolean => wanted.app === undefined || wanted.app === name;
  const follow = (app: App): void => {
    const { name } = app;
    if (isWanted(name)) followed.set(app, { name, stop: followApp(app, wanted, host.time, push) });
  };
  const unfollowClock = wanted.include?.includes('clock') ? followClock(host, push) : () => {};
  for (const { app } of registry.list()) follow(app);
  push({ event: 'current', apps: [...followed.values()].map(({ name }) => name) });
  isPresent = false;
  const unsubscribe = registry.onChange(({ kind, app }) => {
    if (kind === 'added') {
      if (isWanted(app.name)) push({ event: 'app', app: app.name, state: 'added' });
      return follow(app);
    }
    const before = followed.get(app);
    if (!before) return;
    // An app that is renamed has its new name already.
    push({ event: 'app', app: before.name, state: 'removed' });
    before.stop();
    followed.delete(app);
  });
  const stop = (): void => queue.end();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    yield* eventsOf(present.splice(0));
    for await (const items of queue.batches()) {
      if (queue.takeLoss()) return;
      yield* eventsOf(items);
    }
  } finally {
    unsubscribe();
    unfollowClock();
    for (const { stop } of followed.values()) stop();
    signal.removeEventListener('abort', stop);
  }
}

function* eventsOf(items: readonly Item[]): Generator<HostEvent> {
  for (const item of items) {
    if (typeof item === 'function') yield* item();
    else yield item;
  }
}
