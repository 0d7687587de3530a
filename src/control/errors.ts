/**
 * An answer of the control API that is not a success, in the shape of Heroku's: `{"id": …, "message": …}`.
 * https://devcenter.heroku.com/articles/platform-api-reference#errors
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
  ) {
    super(message);
  }
}

export const unauthorized = (): ApiError =>
  new ApiError(401, 'unauthorized', 'Invalid credentials provided.');
export const forbidden = (why: string): ApiError => new ApiError(403, 'forbidden', why);
export const notFound = (what = 'That resource'): ApiError =>
  new ApiError(404, 'not_found', `Couldn't find ${what.toLowerCase()}.`);
export const badRequest = (why: string): ApiError => new ApiError(400, 'bad_request', why);
