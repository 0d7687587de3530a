import { UserError } from '../../base/errors.js';

/**
 * An error response of the control API, in Heroku's format: `{"id": …, "message": …}`.
 * https://devcenter.heroku.com/articles/platform-api-reference#errors
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly hint?: string,
    /** The code of the `UserError` that it represents, so that the client can recreate it. */
    readonly code?: string,
  ) {
    super(message);
  }
}

export const unauthorized = (): ApiError =>
  new ApiError(401, 'unauthorized', 'Invalid credentials provided.');
export const forbidden = (why: string): ApiError => new ApiError(403, 'forbidden', why);
/**
 * In Heroku's words, which do not name the missing thing; the hint does.
 * @param what `app`, `dyno`
 */
export const notFound = (what: string, hint?: string): ApiError =>
  new ApiError(404, 'not_found', `Couldn't find that ${what}.`, hint);
export const badRequest = (why: string): ApiError => new ApiError(400, 'bad_request', why);
export const invalidParams = (why: string): ApiError => new ApiError(422, 'invalid_params', why);

/** Converts a user's mistake to a response; undefined for any other error. */
export function asApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof UserError)) return undefined;
  const isMissing = error.code.startsWith('NO_SUCH_') || error.code === 'UNKNOWN_TYPE';
  const [status, id] = isMissing ? ([404, 'not_found'] as const) : ([422, 'invalid_params'] as const);
  return new ApiError(status, id, error.message, error.hint, error.code);
}
