import { UserError } from '../../base/errors.js';

/**
 * An answer of the control API that is not a success, in the shape of Heroku's: `{"id": …, "message": …}`.
 * https://devcenter.heroku.com/articles/platform-api-reference#errors
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly hint?: string,
    /** Of the `UserError` that it stands for: it reaches the client, which makes one of it again. */
    readonly code?: string,
  ) {
    super(message);
  }
}

export const unauthorized = (): ApiError =>
  new ApiError(401, 'unauthorized', 'Invalid credentials provided.');
export const forbidden = (why: string): ApiError => new ApiError(403, 'forbidden', why);
/**
 * In Heroku's words, which do not say which one; the hint does.
 * @param what `app`, `dyno`
 */
export const notFound = (what: string, hint?: string): ApiError =>
  new ApiError(404, 'not_found', `Couldn't find that ${what}.`, hint);
export const badRequest = (why: string): ApiError => new ApiError(400, 'bad_request', why);
export const invalidParams = (why: string): ApiError => new ApiError(422, 'invalid_params', why);

/** What a user's mistake is to a client of the API; undefined for anything else. */
export function asApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof UserError)) return undefined;
  const isMissing = error.code.startsWith('NO_SUCH_') || error.code === 'UNKNOWN_TYPE';
  const [status, id] = isMissing ? ([404, 'not_found'] as const) : ([422, 'invalid_params'] as const);
  return new ApiError(status, id, error.message, error.hint, error.code);
}
