import { Live } from '../live.js';
import { Api, CallError, redeem } from './api.js';

/** Of this tab and this port alone. A cookie would be sent to the user's app on another port of the same host. */
const STORED = 'dynosim.session';

/** Whether the page may read and do anything. */
export type Session =
  | { readonly at: 'entering' }
  /** `problem`: why the last code or token was refused. */
  | { readonly at: 'outside'; readonly problem?: string }
  | { readonly at: 'inside'; readonly api: Api };

export const session = new Live<Session>({ at: 'entering' });

/**
 * The API of the session.
 * @throws Error if there is none: what calls it is shown only inside
 */
export function currentApi(): Api {
  const { value } = session;
  if (value.at !== 'inside') throw new Error('There is no session');
  return value.api;
}

/** Enters with the code in the URL's fragment, which it removes, or with the token that this tab has kept. */
export async function enter(): Promise<void> {
  const [, code, rest = ''] = /^#([^/]+)(\/.*)?$/.exec(location.hash) ?? [];
  if (code !== undefined) {
    history.replaceState(null, '', `${location.pathname}#${rest}`);
    return enterWith(code);
  }
  const token = sessionStorage.getItem(STORED);
  session.value = token === null ? { at: 'outside' } : { at: 'inside', api: new Api(token) };
}

/** @param typed a code, or a URL with one in its fragment */
export async function enterWith(typed: string): Promise<void> {
  session.value = { at: 'entering' };
  try {
    const token = await redeem(codeIn(typed));
    sessionStorage.setItem(STORED, token);
    session.value = { at: 'inside', api: new Api(token) };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    session.value = { at: 'outside', problem: error.message };
  }
}

/** Ends the session. The page forgets its token in any case. */
export async function logOut(): Promise<void> {
  await currentApi()
    .logOut()
    .catch(() => {});
  leave('You have logged out.');
}

/** Called when the token is refused. */
export function leave(problem: string): void {
  sessionStorage.removeItem(STORED);
  session.value = { at: 'outside', problem };
}

function codeIn(typed: string): string {
  return /#([^/]*)/.exec(typed)?.[1] ?? typed.trim();
}
