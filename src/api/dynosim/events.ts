import type { App } from '../../apps/app.js';
import type { Clock } from '../../base/clock.js';
import { Queue } from '../../base/queue.js';
import { apiTime } from '../heroku/time.js';
import type { ApiRequest, Route } from '../route.js';
import { serverSent } from '../server/server-sent.js';

/** A reader that lags behind so many events is sent away; when it comes back it reads how things stand. */
const MAX_BACKLOG = 10_000;

/**
 * What happens, as server-sent events: first how things stand, then each change.
 * - `dyno`: `{"app","name","type","state","release","port","pid","since"}`; state `gone` once it is no longer listed
 * - `release`: `{"app","version","status","description","created_at","current"}`
 * - `current`: `{"apps"}`, once: all that came before is how things stood, what follows is news
 * @param clock real time
 */
export function createEventRoutes(clock: Clock): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/dynosim/events',
      handler: ({ apps }, request) => serverSent(follow(apps, request), clock),
    },
  ];
}

async function* follow(apps: readonly App[], { signal, end }: ApiRequest): AsyncGenerator<string> {
  const queue = new Queue<string>(MAX_BACKLOG);
  const unsubscribes = apps.flatMap((app) => {
    const news = newsOf(app);
    const take = (): void => {
      for (const text of news()) queue.push(text);
    };
    take();
    return [app.supervisor.onChange(take), app.releases.onChange(take)];
  });
  queue.push(event('current', { apps: apps.map(({ name }) => name) }));
  const stop = (): void => queue.end();
  end.addEventListener('abort', stop);
  if (end.aborted) stop();
  try {
    for await (const events of queue.batches(signal)) {
      if (queue.takeLoss()) return;
      yield* events;
    }
  } finally {
    for (const unsubscribe of unsubscribes) unsubscribe();
    end.removeEventListener('abort', stop);
  }
}

/** Returns what is new about an app since it was last asked; at first that is everything. */
function newsOf(app: App): () => readonly string[] {
  let before = new Map<string, string>();
  return () => {
    const now = stateOf(app);
    const gone = [...before.keys()].filter((name) => !now.has(name));
    const changed = [...now].flatMap(([name, text]) => (before.get(name) === text ? [] : [text]));
    before = now;
    return [...gone.map((name) => event('dyno', { app: app.name, name, state: 'gone' })), ...changed];
  };
}

/** The last event about each dyno and release. */
function stateOf(app: App): Map<string, string> {
  const dynos = app.dynos.views().map((view) => {
    const { name, type, state, release, port = null, pid = null, since } = view;
    const data = { app: app.name, name, type, state, release, port, pid, since: apiTime(since) };
    return [name, event('dyno', data)] as const;
  });
  const releases = app.releaseViews().map((view) => {
    const { version, status, description, isCurrent: current, createdAt } = view;
    const data = { app: app.name, version, status, description, created_at: apiTime(createdAt), current };
    return [`v${version}`, event('release', data)] as const;
  });
  return new Map([...releases, ...dynos]);
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
