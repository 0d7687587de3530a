/** Whether a version is a given one or a later one: `9.0.6`, `3.14`. */
export function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}
