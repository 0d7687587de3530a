import type { HostAddress } from '../api/client/discovery.js';
import type { RemoteHost } from '../api/client/remote-host.js';
import { UserError } from '../base/errors.js';
import { hasBrowser, openBrowser } from './browser.js';

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

/** What became of an entrance. */
export type Entrance =
  | { readonly at: 'opened' }
  /** @param why one sentence, without a full stop */
  | { readonly at: 'shown'; readonly why: string };

/** Opens a URL in a browser if there is one; else a user must be shown it. */
export async function openEntrance(
  url: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<Entrance> {
  if (!hasBrowser(env, platform)) return { at: 'shown', why: 'There is no browser here' };
  try {
    await openBrowser(url, env, platform);
    return { at: 'opened' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { at: 'shown', why: error.message };
  }
}

/** What to do with a URL that could not be opened. */
export function askToOpen(why: string): string {
  return `${why}. Open this URL in one within 10 minutes; it works once:`;
}
