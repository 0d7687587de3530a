import { WARNING_HEADER } from '../client/control-client.js';
import type { ApiResponse } from '../route.js';

/** An answer with what the user should know though all went well: Heroku's CLI prints it, as dynosim's own does. */
export function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  if (warnings.length === 0) return response;
  return { ...response, headers: { [WARNING_HEADER]: warnings.join('; ').replace(/[^\x20-\x7e]/g, '?') } };
}
