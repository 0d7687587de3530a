import type { ProxiedRequest } from './proxied-request.js';

/** Says once per app where HTTPS is, if the app redirects there; and once that it redirects there from HTTPS, too. */
export class HttpsHint {
  readonly #told = { http: new WeakSet<object>(), https: new WeakSet<object>() };

  /**
   * @param app who has redirected
   * @param port the router's
   * @returns a line for the app's log, if there is anything new to say
   */
  lineFor(app: object, { client, facts, redirect }: ProxiedRequest, port: number): string | undefined {
    const told = this.#told[client.protocol];
    if (redirect === undefined || told.has(app)) return undefined;
    const url = httpsUrl(redirect, facts.host, port);
    if (url === undefined) return undefined;
    if (client.protocol === 'https' && !isSameTarget(redirect, facts.target)) return undefined;
    told.add(app);
    return client.protocol === 'http'
      ? `The app redirects to https: that is ${url} here. "dynosim trust" makes browsers accept it`
      : LOOP;
  }
}

const LOOP =
  'The app redirects a request by https to https, for ever: it does not believe X-Forwarded-Proto. Let it trust the ' +
  "router, in Express by app.set('trust proxy', 1), in Django by SECURE_PROXY_SSL_HEADER";

function isSameTarget(location: string, target: string): boolean {
  const { pathname, search } = new URL(location);
  return `${pathname}${search}` === target;
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
