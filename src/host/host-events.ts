import type { HostEvent } from '../api/control.js';
import type { App } from '../apps/app.js';
import { Queue } from '../base/queue.js';
import type { Registry } from './registry.js';

/** A reader that lags further behind is disconnected. When it reconnects, it gets the current state. */
const MAX_BACKLOG = 10_000;

/** Yields the current state, then each change, until the signal is aborted. */
export async function* followHost(registry: Registry, signal: AbortSignal): AsyncGenerator<HostEvent> {
  const queue = new Queue<HostEvent>(MAX_BACKLOG);
  const push = (event: HostEvent): void => void queue.push(event);
  const followed = new Map<App, () => void>();
  const follow = (app: App): void => void followed.set(app, followApp(app, push));
  for (const { app } of registry.list()) follow(app);
  push({ event: 'current', apps: registry.list().map(({ app }) => app.name) });
  const unsubscribe = registry.onChange(({ kind, app }) => {
    push({ event: 'app', app: app.name, state: kind });
    if (kind === 'added') return follow(app);
    followed.get(app)?.();
    followed.delete(app);
  });
  const stop = (): void => queue.end();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    for await (const events of queue.batches()) {
      if (queue.takeLoss()) return;
      yield* events;
    }
  } finally {
    unsubscribe();
    for (const unfollow of followed.values()) unfollow();
    signal.removeEventListener('abort', stop);
  }
}

/** Pushes an app's current state, then what changes. The result ends that. */
function followApp(app: App, push: (event: HostEvent) => void): () => void {
  const news = newsOf(app);
  const take = (): void => news().forEach(push);
  take();
  const unsubscribes = [app.supervisor.onChange(take), app.releases.history.onChange(take)];
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}

/** Returns a function that returns what is new about an app since its last call; at first, everything. */
function newsOf(app: App): () => readonly HostEvent[] {
  let before = new Map<string, string>();
  return () => {
    const now = eventsOf(app).map(([key, event]) => ({ key, event, text: JSON.stringify(event) }));
    const known = before;
    before = new Map(now.map(({ key, text }) => [key, text]));
    const gone = [...known.keys()].filter((key) => !before.has(key));
    return [
      ...gone.map((name) => ({ event: 'dyno', app: app.name, name, state: 'gone' }) as const),
      ...now.filter(({ key, text }) => known.get(key) !== text).map(({ event }) => event),
    ];
  };
}

/** The current state of each release and dyno as events. */
function eventsOf(app: App): readonly (readonly [key: string, event: HostEvent])[] {
  const releases = app.releases.views().map((view) => {
    const { version, status, description, createdAt, isCurrent } = view;
    const data = { app: app.name, version, status, description, createdAt, isCurrent };
    return [`v${version}`, { event: 'release', ...data }] as const;
  });
  const dynos = app.dynos.views().map((view) => {
    const { name, type, state, release, port, pid, since } = view;
    const data = { app: app.name, name, type, state, release, port, pid, since };
    return [name, { event: 'dyno', ...data }] as const;
  });
  return [...releases, ...dynos];
}
