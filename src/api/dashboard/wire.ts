/**
 * How the dashboard's page and the control API agree on a session. Only types: the page imports this file.
 *
 * - The page's URL is `/dashboard/#CODE`, or `/dashboard/#CODE/apps/NAME` to begin with one app of a host. A fragment is
 *   part of no request, log line or Referer. The page takes it out of the address bar at once.
 * - `POST /dashboard/session` with `{"code":"…"}` answers 201 and a `SessionGrant`. A code that is wrong, expired or
 *   used answers 401 and an error in the API's usual shape: `{"id":"unauthorized","message":"…","hint":"…"}`. Using a
 *   code again also ends the session that it began.
 * - Requests carry the token as `Authorization: Bearer TOKEN`. 401: the session is over. 403: the page may not do that.
 * - `GET /dashboard/session/ID/proof?nonce=NONCE` needs no token. It answers `SessionProof`, or 404 if the session is
 *   over. A page that has lost its connection asks for it before it sends the token again, because another program may
 *   have taken the port meanwhile.
 * - `DELETE /dashboard/session` with the token ends the session.
 */

export interface SessionGrant {
  /** `ID.SECRET`. It stays valid when dynosim is restarted. */
  readonly token: string;
  /** When the session ends at the latest, wall-clock ms. */
  readonly expiresAt: number;
}

export interface SessionProof {
  /**
   * Only who knows the session can make it: base64url of HMAC-SHA-256 over `HOST\nNONCE`, with the SHA-256 hash of the
   * token as the key. HOST is the page's `location.host`.
   */
  readonly proof: string;
}
