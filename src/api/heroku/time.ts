/** A time in the format of the Platform API: `2012-01-01T12:00:00Z`. */
export function apiTime(wall: number): string {
  return new Date(wall).toISOString().replace(/\.\d+Z$/, 'Z');
}
