import type { Clock } from '../../base/clock.js';
import { crypto } from '../../base/crypto.js';
import { Emitter } from '../../base/emitter.js';
import { idOf } from '../../base/ids.js';
import { type ApiRequest, bodyObject, json, ok, type Route, type TextAnswer } from '../route.js';
import { isSame } from '../server/access.js';
import { notFound, unauthorized } from '../server/errors.js';
import type { LoginCodes } from '../server/login-codes.js';
import { ACCOUNT } from './account.js';
import { notSimulated } from './not-simulated.js';

/** `heroku login` repeats a request that gets no response within a minute. */
const POLL_MS = 50_000;

export interface LoginOptions {
  /** The user's token, given to clients that log in. */
  readonly token: string;
  readonly codes: LoginCodes;
  /** Real time. */
  readonly clock: Clock;
}

/** https://devcenter.heroku.com/articles/platform-api-reference#oauth-authorization */
function serializeAuthorization(token: string) {
  return {
    access_token: { expires_in: null, id: idOf('access-token'), token },
    client: null,
    created_at: ACCOUNT.created_at,
    description: 'dynosim',
    grant: null,
    id: idOf('authorization'),
    refresh_token: null,
    scope: ['global'],
    session: null,
    updated_at: ACCOUNT.updated_at,
    user: { email: ACCOUNT.email, full_name: null, id: ACCOUNT.id },
  };
}

/** Login for Heroku's CLI with a code instead of a password: by `heroku login -i`, or `heroku login` in a browser. */
export function createLoginRoutes({ token, codes, clock }: LoginOptions): readonly Route[] {
  const authorization = () => serializeAuthorization(token);
  return [
    // `heroku login -i`: any e-mail address, with the code as the password.
    json(
      'POST',
      '/oauth/authorizations',
      ({ headers: { authorization: given = '' } }) => {
        // `heroku authorizations:create`: dynosim has a single token, without a scope or an expiry.
        if (isSame(given, `Bearer ${token}`)) throw notSimulated('POST', '/oauth/authorizations');
        const [, password = ''] = /^[^:]*:(.*)$/s.exec(readBasic(given)) ?? [];
        if (codes.redeem(password)) return ok(authorization(), 201);
        throw unauthorized();
      },
      'public',
    ),
    json('GET', '/oauth/authorizations', () => ok([authorization()])),
    json('GET', '/oauth/authorizations/~', () => ok(authorization())),
    // The token belongs to the user, not to a session: it stays valid.
    json('DELETE', '/oauth/authorizations/:id', () => ok(authorization())),
    json('DELETE', '/oauth/sessions/~', () => ok({})),
    json('POST', '/dynosim/login-codes', () => ok({ code: codes.make() }, 201)),
    ...createBrowserRoutes(token, codes, clock),
  ];
}

function readBasic(header: string): string {
  const [, encoded = ''] = /^Basic (.+)$/i.exec(header) ?? [];
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** A login in progress: the CLI polls with a secret while the user types the code into a page. */
interface Login {
  readonly secret: string;
  readonly approved: Emitter;
  isApproved: boolean;
}

function createBrowserRoutes(token: string, codes: LoginCodes, clock: Clock): readonly Route[] {
  const logins = new Map<string, Login>();
  const find = ({ params }: ApiRequest): Login => {
    const login = logins.get(params.login ?? '');
    if (login) return login;
    throw notFound('login');
  };
  return [
    json(
      'POST',
      '/auth',
      () => {
        const id = crypto().randomUUID();
        const secret = crypto().randomUUID();
        // The oldest one was abandoned long ago.
        if (logins.size === 100) logins.delete([...logins.keys()][0] ?? '');
        logins.set(id, { secret, approved: new Emitter(), isApproved: false });
        return ok({ browser_url: `/login/${id}`, cli_url: `/auth/${id}`, token: secret }, 201);
      },
      'public',
    ),
    json(
      'GET',
      '/auth/:login',
      async (request) => {
        const login = find(request);
        if (!isSame(request.headers.authorization ?? '', `Bearer ${login.secret}`)) throw unauthorized();
        await approval(login, clock, request);
        // The CLI repeats the request.
        if (!login.isApproved)
          return { status: 503, body: { id: 'pending', message: 'Nobody has logged in.' } };
        logins.delete(request.params.login ?? '');
        return ok({ access_token: token });
      },
      'secret path',
    ),
    {
      method: 'GET',
      path: '/login/:login',
      access: 'secret path',
      page(request) {
        find(request);
        return page('<p>Type the code that <code>dynosim info --code</code> prints.</p>', FORM);
      },
    },
    {
      method: 'POST',
      path: '/login/:login',
      access: 'secret path',
      page(request) {
        const login = find(request);
        if (!codes.redeem(String(bodyObject(request).code)))
          return page(
            '<p>This code is wrong or expired. Run <code>dynosim info --code</code> again.</p>',
            FORM,
          );
        login.isApproved = true;
        login.approved.emit();
        return page('<p>Logged in. You can close this page and return to the terminal.</p>');
      },
    },
  ];
}

/** Resolves when the user logs in, after `POLL_MS`, or when the client leaves. */
async function approval({ isApproved, approved }: Login, clock: Clock, request: ApiRequest): Promise<void> {
  if (isApproved) return;
  const late = new AbortController();
  const cancel = clock.after(POLL_MS, () => late.abort());
  await approved.next(request.signal, late.signal);
  cancel();
}

const FORM = `<form method="post"><input name="code" autofocus autocomplete="off" aria-label="code">
<button>Log in</button></form>`;

/** @param parts fixed HTML, without user input */
function page(...parts: readonly string[]): TextAnswer {
  return {
    status: 200,
    text: `<!doctype html><html lang="en"><meta charset="utf-8"><title>dynosim login</title>
<style>body{font-family:sans-serif;max-width:30em;margin:15vh auto;padding:0 1em}</style>
<h1>dynosim</h1>
${parts.join('\n')}
</html>
`,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
      'X-Frame-Options': 'DENY',
    },
  };
}
