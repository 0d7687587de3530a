import type { JsonAnswer } from '../route.js';

const WARNING_HEADER = 'Warning-Message';

/** Adds warnings to a successful response. Heroku's CLI prints them. */
export function withWarnings(response: JsonAnswer, warnings: readonly string[]): JsonAnswer {
  if (warnings.length === 0) return response;
  return { ...response, headers: { [WARNING_HEADER]: warnings.join('; ').replace(/[^\x20-\x7e]/g, '?') } };
}
