import { WARNING_HEADER } from '../client/control-client.js';
import type { JsonAnswer } from '../route.js';

/** Adds warnings to a successful response. Heroku's CLI and dynosim's own print them. */
export function withWarnings(response: JsonAnswer, warnings: readonly string[]): JsonAnswer {
  if (warnings.length === 0) return response;
  return { ...response, headers: { [WARNING_HEADER]: warnings.join('; ').replace(/[^\x20-\x7e]/g, '?') } };
}
