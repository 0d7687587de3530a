import type { HostAddress } from '../api/client/discovery.js';
import type { RemoteHost } from '../api/client/remote-host.js';
import { UserError } from '../base/errors.js';

/**
 * Makes the URL by which one browser gets into a dashboard, once and within 10 minutes. The code is in its fragment, which
 * browsers send to nobody.
 * @param app the app of a host to begin with; left out: all apps
 * @throws UserError `NO_DASHBOARD`
 */
export async function entranceTo(
  { dashboard }: Pick<HostAddress, 'dashboard'>,
  host: Pick<RemoteHost, 'dashboardCode'>,
  app?: string,
): Promise<string> {
  if (dashboard === undefined)
    throw new UserError(
      'NO_DASHBOARD',
      'This app has no dashboard',
      'Those of "dynosim start" and "dynosim host" have one.',
    );
  const place = app === undefined ? '' : `/apps/${encodeURIComponent(app)}`;
  return `${dashboard}#${await host.dashboardCode()}${place}`;
}

/** What to do with a URL that could not be opened. */
export function askToOpen(why: string): string {
  return `${why}. Open this URL in one within 10 minutes; it works once:`;
}
