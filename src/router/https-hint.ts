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
