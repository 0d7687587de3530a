import type { ClockView, EventsRequest, HostEvent } from '../../api/control.js';
import type { App } from '../../apps/app.js';
import type { Time } from '../../base/clock.js';
import { Queue } from '../../base/queue.js';
import type { Registry } from '../registry.js';
import type { Item } from './feed.js';
import { followApp } from './follow-app.js';

/** A reader that lags further behind is disconnected. When it reconnects, it gets the current state. */
const MAX_BACKLOG = 10_000;

/** A host, as far as events tell about it. */
export interface FollowedHost {
  readonly registry: Pick<Registry, 'list' | 'onChange'>;
  readonly time: Time;
  readonly clock: ClockView;
  /** Called when platform time has been moved forward. The result unsubscribes. */
  onClock(listener: () => void): () => void;
}

/** Yields the current state, then each change, until the signal is aborted. */
export async function* followHost(
  host: FollowedHost,
  wanted: EventsRequest,
  signal: AbortSignal,
): AsyncGenerator<HostEvent> {
  const { registry } = host;
  const queue = new Queue<Item>(MAX_BACKLOG);
  const push = (item: Item): void => void queue.push(item);
  const followed = new Map<App, { readonly name: string; readonly stop: () => void }>();
  const isWanted = (name: string): boolean => wanted.app === undefined || wanted.app === name;
  const follow = (app: App): void => {
    const { name } = app;
    if (isWanted(name)) followed.set(app, { name, stop: followApp(app, wanted, host.time, push) });
  };
  const sayClock = (): void => push({ event: 'clock', ...host.clock });
  const includesClock = wanted.include?.includes('clock') ?? false;
  if (includesClock) sayClock();
  for (const { app } of registry.list()) follow(app);
  push({ event: 'current', apps: [...followed.values()].map(({ name }) => name) });
  const unsubscribes = [
    ...(includesClock ? [host.onClock(sayClock)] : []),
    registry.onChange(({ kind, app }) => {
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
    }),
  ];
  const stop = (): void => queue.end();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    for await (const items of queue.batches()) {
      if (queue.takeLoss()) return;
      for (const item of items) {
        if (typeof item === 'function') yield* item();
        else yield item;
      }
    }
  } finally {
    for (const unsubscribe of unsubscribes) unsubscribe();
    for (const { stop } of followed.values()) stop();
    signal.removeEventListener('abort', stop);
  }
}
