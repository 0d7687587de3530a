import type { EventKind, EventsRequest, HostEvent } from '../../api/control.js';
import type { App } from '../../apps/app.js';
import type { Time } from '../../base/clock.js';
import { type LogEntry, toLogLine } from '../../logs/entry.js';
import { Feed, type Push } from './feed.js';
import { followMarks, followMetrics } from './follow-metrics.js';
import { followSleep } from './follow-sleep.js';
import { all } from './stops.js';

/** Follows one part of an app: pushes its current state, then what changes. The result ends that. */
type Follower = (app: App, time: Time, push: Push) => () => void;

/** What readers can ask for. Those of the host as a whole are not here. */
const FOLLOWERS: { readonly [kind in EventKind]?: Follower } = {
  sleep: followSleep,
  requests: followRequests,
  metrics: followMetrics,
  marks: followMarks,
  logs: followLog,
};

/** Pushes an app's current state, then what changes. The result ends that. */
export function followApp(app: App, { include = [] }: EventsRequest, time: Time, push: Push): () => void {
  const followers = [followDynos, ...include.flatMap((kind) => FOLLOWERS[kind] ?? [])];
  const stops = followers.map((follow) => follow(app, time, push));
  return () => {
    for (const stop of stops) stop();
  };
}

function followDynos(app: App, _: Time, push: Push): () => void {
  const news = newsOf(app);
  const take = (): void => news().forEach(push);
  take();
  return all(app.supervisor.onChange(take), app.releases.history.onChange(take));
}

/** How many of the latest requests, and of the latest lines, a reader gets at first. */
const LATEST = { requests: 200, lines: 1500 } as const;

function followRequests({ name, logs }: App, { real }: Time, push: Push): () => void {
  const toEvent = ({ at, router }: LogEntry): readonly HostEvent[] =>
    router ? [{ event: 'request', app: name, at, ...router }] : [];
  const latest = logs.recent(Number.POSITIVE_INFINITY, 'router').flatMap(toEvent).slice(-LATEST.requests);
  for (const event of latest) push(event);
  const feed = new Feed<LogEntry>({
    clock: real,
    push,
    capacity: 200,
    atOnce: 20,
    toEvents: (entries, skipped) => [
      ...(skipped > 0 ? [{ event: 'skipped', app: name, requests: skipped } as const] : []),
      ...entries.flatMap(toEvent),
    ],
  });
  const unsubscribe = logs.subscribe((entry) => {
    if (entry.router) feed.push(entry);
  });
  return all(unsubscribe, () => feed.close());
}

function followLog({ name, logs }: App, { real }: Time, push: Push): () => void {
  const toEvent = (entries: readonly LogEntry[], skipped: number): HostEvent => {
    return { event: 'log', app: name, lines: entries.map(toLogLine), skipped };
  };
  const latest = logs.recent(LATEST.lines);
  if (latest.length > 0) push(toEvent(latest, 0));
  const feed = new Feed<LogEntry>({
    clock: real,
    push,
    capacity: 1000,
    atOnce: 500,
    toEvents: (entries, skipped) => [toEvent(entries, skipped)],
  });
  return all(
    logs.subscribe((entry) => feed.push(entry)),
    () => feed.close(),
  );
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
    const { name, type, state, release, since, port, pid, size, command, restarts, memoryQuota } = view;
    const dyno = { name, type, state, release, since, port, pid, size, command, restarts, memoryQuota };
    return [name, { event: 'dyno', app: app.name, ...dyno }] as const;
  });
  return [...releases, ...dynos];
}
