import type { Clock } from '../../base/clock.js';
import { errorMessage } from '../../base/errors.js';
import { http } from '../../base/http.js';
import { randomId } from '../../base/ids.js';

/** What to ask a dyno for. */
export interface Request {
  readonly path: string;
  /** The app's name, as its client has it: `localhost:5006`. */
  readonly host: string;
  /** How the client has reached the router. */
  readonly protocol: 'http' | 'https';
  /** `name=value; other=value` */
  readonly cookie?: string;
  /** How long the head of the answer may take. */
  readonly limitMs: number;
  /** How long the body may take after it; a short while if left out, because some bodies never end. */
  readonly bodyMs?: number;
}

/** Where a dyno listens. */
export interface Listener {
  readonly host: string;
  readonly port: number;
}

export interface Answered {
  readonly at: 'answered';
  readonly status: number;
  readonly location: string | undefined;
  /** `name=value` each. */
  readonly cookies: readonly string[];
  /** The beginning of the body. */
  readonly body: string;
  /** Whether all of the body has come. */
  readonly isWhole: boolean;
  /** Until its head had come. */
  readonly headMs: number;
  /** Until all of it had come, or as much as is read. */
  readonly ms: number;
}

/** What came of a request. */
export type Reply =
  | Answered
  /** No head of a response within the limit. */
  | { readonly at: 'silent' }
  /** The connection broke, before the head of the response or in its body. */
  | { readonly at: 'cut'; readonly reason: string };

/** More of a body says nothing new. */
const READ_BYTES = 256 * 1024;
const READ_MS = 2000;

/** Sends a GET to a dyno, or to the router, whatever that answers. Never throws. */
export function ask({ host, port }: Listener, request: Request, clock: Clock): Promise<Reply> {
  return new Promise((resolve) => {
    const begin = clock.now();
    const { path, limitMs, bodyMs = READ_MS } = request;
    let head: Omit<Answered, 'body' | 'isWhole' | 'ms'> | undefined;
    let body = Buffer.alloc(0);
    const over = (reply: Reply): void => {
      giveUp();
      sent.destroy();
      resolve(reply);
    };
    const end = (isWhole: boolean): void => {
      const ms = clock.now() - begin;
      over(head ? { ...head, body: body.toString(), isWhole, ms } : { at: 'silent' });
    };
    let giveUp = clock.after(limitMs, () => end(false));
    const onError = (error: unknown): void => over({ at: 'cut', reason: errorMessage(error) });
    const sent = http().get({ host, port, path, headers: headersOf(request), agent: false });
    sent.on('error', onError).on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const cookies = (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1).join(''));
      head = { at: 'answered', status, location: headers.location, cookies, headMs: clock.now() - begin };
      giveUp();
      giveUp = clock.after(bodyMs, () => end(false));
      response.on('error', onError).on('end', () => end(true));
      response.on('data', (chunk: Buffer) => {
        body = Buffer.concat([body, chunk]);
        if (body.length >= READ_BYTES) end(false);
      });
    });
  });
}

/** As the router sends them: https://devcenter.heroku.com/articles/http-routing#heroku-headers */
function headersOf({ host, protocol, cookie = '' }: Request): Readonly<Record<string, string>> {
  return {
    Host: host,
    'User-Agent': 'dynosim-doctor',
    Accept: '*/*',
    ...(cookie !== '' && { Cookie: cookie }),
    'X-Forwarded-For': '127.0.0.1',
    'X-Forwarded-Proto': protocol,
    'X-Forwarded-Port': protocol === 'https' ? '443' : '80',
    'X-Request-Id': randomId(),
    Via: '1.1 heroku-router',
  };
}
