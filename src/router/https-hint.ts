import type { ProxiedRequest } from './proxied-request.js';

/** Explains, once per app, redirects to HTTPS: where HTTPS is, and why a request by HTTPS may be redirected again. */
export class HttpsHint {
  readonly #explained = { http: new WeakSet<object>(), https: new WeakSet<object>() };

  /**
   * @param app the app that sent the redirect
   * @param port the router's
   * @returns a line for the app's log, unless it has been logged before
   */
  lineFor(app: object, { client, facts, redirect }: ProxiedRequest, port: number): string | undefined {
    const explained = this.#explained[client.protocol];
    if (redirect === undefined || explained.has(app)) return undefined;
    const url = httpsUrl(redirect, facts.host, port);
    if (url === undefined) return undefined;
    if (client.protocol === 'https' && !isSameTarget(redirect, facts.target)) return undefined;
    explained.add(app);
    return client.protocol === 'http'
      ? `The app redirects to https: that is ${url} here. "dynosim trust" makes browsers accept it`
      : LOOP;
  }
}

const LOOP =
  'The app redirects https requests to https in an endless loop: it does not trust X-Forwarded-Proto. Make it trust ' +
  "the router, in Express with app.set('trust proxy', 1), in Django with SECURE_PROXY_SSL_HEADER";

function isSameTarget(location: string, target: string): boolean {
  const { pathname, search } = new URL(location);
  return `${pathname}${search}` === target;
}

/**
 * The local HTTPS URL of an app that redirects plain HTTP to HTTPS on the same host. Many apps do so on Heroku, and
 * whenever `DYNO` is set.
 * @param location of the redirect
 * @param host of the request, perhaps with a port
 * @param port the router's
 * @returns undefined for any other redirect
 */
export function httpsUrl(location: string, host: string, port: number): string | undefined {
  if (!/^https:\/\//i.test(location) || !URL.canParse(location)) return undefined;
  const { hostname } = new URL(location);
  const asked = host.replace(/:\d*$/, '');
  return hostname === asked.toLowerCase() ? `https://${hostname}:${port}` : undefined;
}
