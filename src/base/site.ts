/** A URL of the router for people, as `start` shows it. */
export function siteOf(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:');
}
