import { useEffect } from 'preact/hooks';
import { useLive } from './live.js';
import { type Route, route, VIEWS } from './route.js';
import { keepCurrent } from './store.js';
import { useAnswer } from './ui/api.js';
import { Header } from './ui/header.js';
import { Notices } from './ui/notice.js';
import { AppPage } from './views/app.js';
import { Apps } from './views/apps.js';
import { Entrance } from './views/entrance.js';
import { currentApi, session } from './wire/session.js';

export function Page() {
  const now = useLive(session);
  if (now.at === 'entering') return null;
  if (now.at === 'outside') return <Entrance problem={now.problem} />;
  return <Inside />;
}

const OF_ALL_APPS = ['sleep', 'clock', 'marks'] as const;
const OF_ONE_APP = [...OF_ALL_APPS, 'requests', 'metrics'] as const;

function Inside() {
  const wanted = useLive(route);
  const names = useAnswer(async (api) => (await api.host()).apps, [wanted.app]).value;
  const { app, view } = shownRoute(wanted, names ?? []);
  useEffect(() => {
    const end = new AbortController();
    const include = app === undefined ? OF_ALL_APPS : OF_ONE_APP;
    void keepCurrent(currentApi(), { include, ...(app !== undefined && { app }) }, end.signal);
    return () => end.abort();
  }, [app]);
  useEffect(() => {
    document.title = app === undefined ? 'Apps · dynosim' : `${VIEWS[view]} · ${app} · dynosim`;
  }, [app, view]);
  return (
    <>
      <Header app={app} view={view} names={names ?? []} />
      <main>{app === undefined ? names && <Apps /> : <AppPage key={app} name={app} view={view} />}</main>
      <Notices />
    </>
  );
}

/** The only app of a host needs no card. */
function shownRoute(wanted: Route, names: readonly string[]): Route {
  const [only, ...others] = names;
  if (wanted.app !== undefined || only === undefined || others.length > 0) return wanted;
  return { ...wanted, app: only };
}
