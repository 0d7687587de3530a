import { useErrorBoundary } from 'preact/hooks';
import { useLive } from '../live.js';
import type { ViewName } from '../route.js';
import { type AppState, emptyApp } from '../state/model.js';
import { connection, state } from '../store.js';
import { Logs } from './logs/logs.js';
import { Metrics } from './metrics/metrics.js';
import { Now } from './now/now.js';
import { Releases } from './releases/releases.js';
import { Requests } from './requests/requests.js';
import { Sleep } from './sleep/sleep.js';

const PAGES = {
  now: Now,
  requests: Requests,
  metrics: Metrics,
  sleep: Sleep,
  logs: Logs,
  releases: Releases,
} as const;

/** One view of one app. */
export function AppPage({ name, view }: { name: string; view: ViewName }) {
  const { apps, names } = useLive(state);
  const { at } = useLive(connection);
  if (at === 'missing' || (at === 'live' && !names.includes(name))) return <Missing name={name} />;
  return <View key={view} view={view} app={apps.get(name) ?? emptyApp(name)} />;
}

/** A bug in one view leaves the others usable. */
function View({ view, app }: { view: ViewName; app: AppState }) {
  const [bug] = useErrorBoundary();
  const Shown = PAGES[view];
  if (!bug) return <Shown app={app} />;
  return (
    <p class="problem">
      This view failed: {bug instanceof Error ? bug.message : String(bug)}. Reload the page.
    </p>
  );
}

function Missing({ name }: { name: string }) {
  return (
    <section class="missing">
      <h1>There is no app named {name}</h1>
      <p>
        It may have been renamed or destroyed. <a href="#/">All apps</a>
      </p>
    </section>
  );
}
