import { UserError } from '../../base/errors.js';
import type { TextAnswer } from '../route.js';

/**
 * An error response of the control API, in Heroku's format: `{"id": …, "message": …}`.
 * https://devcenter.heroku.com/articles/platform-api-reference#errors
 */
export class ApiError extends Error {
  readonly hint: string | undefined;
  readonly code: string | undefined;
  readonly resource: string | undefined;

  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    { hint, code, resource }: ErrorDetails = {},
  ) {
    super(message);
    this.hint = hint;
    this.code = code;
    this.resource = resource;
  }
}

interface ErrorDetails {
  readonly hint?: string | undefined;
  /** The code of the `UserError` that it represents, so that the client can recreate it. */
  readonly code?: string;
  /** What was not found, where Heroku's CLI asks for it: `add_on`. */
  readonly resource?: string;
}

/** A refusal in text, for clients that know nothing of this API. */
export class TextRefusal extends Error {
  constructor(readonly answer: TextAnswer) {
    super(answer.text);
  }
}

/**
 * Asks for the token as a password. git shows the text to its user if the one that it has sent is wrong: Heroku's
 * words, and the remedy here.
 */
export const passwordWanted = (): TextRefusal =>
  new TextRefusal({
    status: 401,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'WWW-Authenticate': 'Basic realm="dynosim", charset="UTF-8"',
    },
    text: [
      'WARNING:',
      'Do not authenticate with username and password using git.',
      'Run `heroku login` to update your credentials, then retry the git command.',
      'See documentation for details: https://devcenter.heroku.com/articles/git#http-git-authentication',
      'dynosim: run `eval "$(dynosim env)"`, then retry the git command.',
    ]
      .map((line) => `!\t${line}\n`)
      .join(''),
  });

/** Refuses a method other than GET and HEAD for a page. */
export const pageMethodOnly = (): TextRefusal =>
  new TextRefusal({
    status: 405,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', Allow: 'GET, HEAD' },
    text: 'This page can only be read.\n',
  });

export const unauthorized = (why = 'Invalid credentials provided.', hint?: string): ApiError =>
  new ApiError(401, 'unauthorized', why, { hint });
export const forbidden = (why: string): ApiError => new ApiError(403, 'forbidden', why);
/**
 * In Heroku's words, which do not name the missing thing; the hint does.
 * @param what `app`, `dyno`
 */
export const notFound = (what: string, hint?: string): ApiError =>
  new ApiError(404, 'not_found', `Couldn't find that ${what}.`, { hint });
/** The same with the kind of the missing thing in Heroku's terms. @param resource `add_on` */
export const missingResource = (what: string, resource: string): ApiError =>
  new ApiError(404, 'not_found', `Couldn't find that ${what}.`, { resource });
export const badRequest = (why: string): ApiError => new ApiError(400, 'bad_request', why);
export const invalidParams = (why: string): ApiError => new ApiError(422, 'invalid_params', why);

/** Converts a user's mistake to a response; undefined for any other error. */
export function asApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof UserError)) return undefined;
  const [status, id] = kindOf(error);
  const { message, hint, code } = error;
  return new ApiError(status, id, message, { hint, code });
}

function kindOf({ code }: UserError): readonly [status: number, id: string] {
  if (code === 'CONFIRMATION_REQUIRED') return [423, 'confirmation_required'];
  // A plan is a parameter, not a resource.
  if (code === 'NO_SUCH_PLAN') return [422, 'invalid_params'];
  const isMissing = code.startsWith('NO_SUCH_') || code === 'UNKNOWN_TYPE';
  return isMissing ? [404, 'not_found'] : [422, 'invalid_params'];
}
