import type { Visit } from './visit.js';

/** Says once per app where HTTPS is, if the app redirects there. */
export class HttpsHint {
  readonly #told = new WeakSet<object>();

  /**
   * @param app who has redirected
   * @param port the router's
   * @returns a line for the app's log, if there is anything new to say
   */
  lineFor(app: object, { client, request, redirect }: Visit, port: number): string | undefined {
    if (redirect === undefined || client.protocol === 'https' || this.#told.has(app)) return undefined;
    const url = httpsUrl(redirect, request.host, port);
    if (url === undefined) return undefined;
    this.#told.add(app);
    return `The app redirects to https: that is ${url} here. "dynosim trust" makes browsers accept it`;
  }
}

/**
 * Where an app is that answers plain HTTP with a redirect to HTTPS on the same host: many do on Heroku, and
 * whenever they find `DYNO` set.
 * @param location of the redirect
 * @param host of the request, perhaps with a port
 * @param port the router's
 * @returns the URL, if it is such a redirect
 */
export function httpsUrl(location: string, host: string, port: number): string | undefined {
  if (!/^https:\/\//i.test(location) || !URL.canParse(location)) return undefined;
  const { hostname } = new URL(location);
  const asked = host.replace(/:\d*$/, '');
  return hostname === asked.toLowerCase() ? `https://${hostname}:${port}` : undefined;
}
