import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { forbidden } from './errors.js';

/** The control API listens here and nowhere else, whatever the router does. */
export const HOST = '127.0.0.1';

/**
 * A web page that the user visits must not steer dynosim: a foreign Host means DNS rebinding, a foreign Origin a
 * script.
 * @returns the API's own origin, as this client calls it
 * @throws ApiError 403
 */
export function checkOrigin({ headers: { host, origin }, socket }: IncomingMessage): string {
  const { localPort } = socket;
  const own = [`${HOST}:${localPort}`, `localhost:${localPort}`];
  if (host === undefined || !own.includes(host)) throw forbidden('This host name is not served here.');
  // Of the sockets' classes, that of TLS takes a while to load.
  const scheme = 'encrypted' in socket ? 'https' : 'http';
  if (origin !== undefined && !own.some((name) => origin === `${scheme}://${name}`)) {
    throw forbidden('Web pages may not use this API.');
  }
  return `${scheme}://${host}`;
}

/** Whether a request comes with the token. */
export function hasToken({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  return isSame(authorization, `Bearer ${token}`);
}

/** In constant time: how long it takes tells nothing about where a wrong secret differs, or how long the right one is. */
export function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
