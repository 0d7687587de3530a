import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './errors.js';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads the body of a request: JSON, or the fields of a form.
 * @returns undefined if it is empty
 * @throws ApiError 400, 413
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) throw new ApiError(413, 'request_too_large', 'The body is too large.');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error === request.errored ? badRequest('The body ends too early.') : error;
  }
  if (length === 0) return undefined;
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    // Checked last, because curl declares every body a form.
    if (/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? ''))
      return Object.fromEntries(new URLSearchParams(text));
    throw badRequest('The body is not JSON.');
  }
}
