import { WARNING_HEADER } from '../client/control-client.js';
import type { JsonAnswer } from '../route.js';

/** An answer with what the user should know though all went well: Heroku's CLI prints it, as dynosim's own does. */
export function withWarnings(response: JsonAnswer, warnings: readonly string[]): JsonAnswer {
  if (warnings.length === 0) return response;
  return { ...response, headers: { [WARNING_HEADER]: warnings.join('; ').replace(/[^\x20-\x7e]/g, '?') } };
}
