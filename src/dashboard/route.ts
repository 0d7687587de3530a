import { Live } from './live.js';

export const VIEWS = {
  now: 'Now',
  requests: 'Requests',
  metrics: 'Metrics',
  sleep: 'Sleep',
  logs: 'Logs',
  releases: 'Releases',
} as const;

export type ViewName = keyof typeof VIEWS;

/** What the page shows. Without an app: a host's apps, or the only app. */
export interface Route {
  readonly app: string | undefined;
  readonly view: ViewName;
}

export const route = new Live<Route>({ app: undefined, view: 'now' });

/** Follows the fragment of the URL: `#/apps/my-app/requests`. */
export function followFragment(): void {
  const read = (): void => {
    route.value = parseRoute(location.hash.slice(1));
  };
  addEventListener('hashchange', read);
  read();
}

/** The route of a fragment. One without a valid name of an app leads to the first page. */
export function parseRoute(fragment: string): Route {
  const [, app, view = ''] = /^\/apps\/([a-z\d-]+)(?:\/(\w+))?/.exec(fragment) ?? [];
  return { app, view: isView(view) ? view : 'now' };
}

function isView(name: string): name is ViewName {
  return Object.hasOwn(VIEWS, name);
}

/** The address of a view. */
export function linkTo(app: string, view: ViewName = 'now'): string {
  return `#/apps/${app}/${view}`;
}
