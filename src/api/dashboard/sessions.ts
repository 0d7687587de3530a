import { readFileSync } from 'node:fs';
import { replaceFile } from '../../base/atomic-file.js';
import type { Clock } from '../../base/clock.js';
import { crypto } from '../../base/crypto.js';
import { count, list, matching, object, text } from '../../base/shape.js';
import { unauthorized } from '../server/errors.js';
import { CODE_VALID_MS, LoginCodes } from '../server/login-codes.js';
import type { SessionGrant } from './wire.js';

/** Wall-clock time, from the code on. */
const SESSION_MS = 7 * 24 * 60 * 60_000;
/** How often to look whether the session of a stream is over: real time. */
const LOOK_MS = 60_000;
/** With one more, the oldest session ends. */
const MAX_SESSIONS = 50;

export interface SessionsOptions {
  /** Real time. */
  readonly clock: Clock;
  /** Wall-clock ms. */
  wall(): number;
  /** Where sessions are kept from start to start. */
  readonly file: string;
  /** The user's token. With another one, kept sessions are over. */
  readonly token: string;
}

interface Session {
  /** The SHA-256 hash of its token. */
  readonly hash: Buffer;
  /** Wall-clock ms. */
  readonly expiresAt: number;
  readonly end: AbortController;
}

const KEPT = object({
  /** The hash of the user's token. */
  owner: text,
  sessions: list(object({ id: text, hash: matching(/^[\w-]{43}$/, 'a hash'), expiresAt: count })),
});

/** The sessions of the dashboard's pages: each begins with a one-time code and has a token of its own. */
export class DashboardSessions {
  readonly #options: SessionsOptions;
  /** Not those of `heroku login`, which are exchanged for the user's token. */
  readonly #codes: LoginCodes;
  /** The sessions that used codes have begun, and until when a code would have been valid. */
  readonly #begunBy = new Map<string, { readonly id: string; readonly until: number }>();
  readonly #sessions: Map<string, Session>;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#codes = new LoginCodes(options.clock);
    this.#sessions = new Map(recall(options));
  }

  makeCode(): string {
    return this.#codes.make();
  }

  /**
   * Exchanges a code for a session. A code that is used again has been seen by somebody else, so the session that it
   * began ends. https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
   * @throws ApiError 401
   */
  begin(typed: string): SessionGrant {
    const code = typed.trim().toLowerCase();
    const now = this.#options.clock.now();
    const begun = this.#begunBy.get(code);
    if (begun && now < begun.until) {
      this.#end(begun.id);
      throw unauthorized(
        'This code was used before. To be safe, the session that it began has ended.',
        ANOTHER_CODE,
      );
    }
    if (!this.#codes.redeem(code)) throw unauthorized('This code is wrong or expired.', ANOTHER_CODE);
    const id = crypto().randomBytes(12).toString('base64url');
    this.#begunBy.set(code, { id, until: now + CODE_VALID_MS });
    const token = `${id}.${crypto().randomBytes(32).toString('base64url')}`;
    const expiresAt = Math.round(this.#options.wall()) + SESSION_MS;
    this.#sessions.set(id, { hash: sha256(token), expiresAt, end: new AbortController() });
    for (const oldest of [...this.#sessions.keys()].slice(0, -MAX_SESSIONS)) this.#end(oldest);
    this.#keep();
    return { token, expiresAt };
  }

  /** Aborted when the session with this token ends; undefined if there is none. */
  find(token: string): AbortSignal | undefined {
    const session = this.#current(idOf(token));
    return session && crypto().timingSafeEqual(session.hash, sha256(token)) ? session.end.signal : undefined;
  }

  /**
   * As `find`, for a stream, which would outlast a session that nobody else uses: ends the session when its time is over.
   * @param gone aborted when the stream has ended
   */
  watch(token: string, gone: AbortSignal): AbortSignal | undefined {
    const end = this.find(token);
    if (!end) return undefined;
    const { clock } = this.#options;
    const id = idOf(token);
    const look = (): void => {
      if (end.aborted || gone.aborted) return;
      if (this.#current(id)) cancel = clock.after(LOOK_MS, look);
      else this.#end(id);
    };
    let cancel = clock.after(LOOK_MS, look);
    gone.addEventListener('abort', () => cancel(), { once: true });
    return end;
  }

  /**
   * Proves to a page that this is the dynosim that began its session: see `SessionProof`.
   * @param host as the page calls the API: `127.0.0.1:41234`
   * @returns undefined if the session is over
   */
  prove(id: string, host: string, nonce: string): string | undefined {
    const session = this.#current(id);
    return (
      session && crypto().createHmac('sha256', session.hash).update(`${host}\n${nonce}`).digest('base64url')
    );
  }

  /** Ends the session with this token, if there is one. */
  end(token: string): void {
    if (this.find(token)) this.#end(idOf(token));
  }

  #current(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    return session && this.#options.wall() < session.expiresAt ? session : undefined;
  }

  #end(id: string): void {
    this.#sessions.get(id)?.end.abort();
    this.#sessions.delete(id);
    this.#keep();
  }

  /** If the disk is full, sessions last as long as this dynosim. */
  #keep(): void {
    const sessions = [...this.#sessions]
      .filter(([id]) => this.#current(id))
      .map(([id, { hash, expiresAt }]) => ({ id, hash: hash.toString('base64url'), expiresAt }));
    try {
      replaceFile(
        this.#options.file,
        `${JSON.stringify({ owner: hashOf(this.#options.token), sessions })}\n`,
      );
    } catch {}
  }
}

const ANOTHER_CODE = 'Run "dynosim dashboard" again.';

/** What cannot be read is as good as nothing: a page then needs a new code. */
function recall({ file, token }: SessionsOptions): readonly (readonly [string, Session])[] {
  try {
    const { owner, sessions } = KEPT(JSON.parse(readFileSync(file, 'utf8')), 'file');
    if (owner !== hashOf(token)) return [];
    return sessions.map(({ id, hash, expiresAt }) => [
      id,
      { hash: Buffer.from(hash, 'base64url'), expiresAt, end: new AbortController() },
    ]);
  } catch {
    return [];
  }
}

function idOf(token: string): string {
  return token.split('.', 1)[0] ?? '';
}

function hashOf(token: string): string {
  return sha256(token).toString('base64url');
}

function sha256(token: string): Buffer {
  return crypto().createHash('sha256').update(token).digest();
}
