import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { crypto } from '../../base/crypto.js';
import { instanceSecrets } from '../instance-secrets.js';
import { forbidden } from './errors.js';

/** The control API listens only here, even if the router listens on other addresses. */
export const HOST = '127.0.0.1';

/**
 * Makes sure that a web page cannot control dynosim: a foreign Host means DNS rebinding, a foreign Origin a script.
 * @returns the API's own origin, as this client calls it
 * @throws ApiError 403
 */
export function checkOrigin({ headers: { host, origin }, socket }: IncomingMessage): string {
  const { localPort } = socket;
  const own = [`${HOST}:${localPort}`, `localhost:${localPort}`];
  if (host === undefined || !own.includes(host)) throw forbidden('This host name is not served here.');
  // Not `instanceof TLSSocket`, because node:tls is slow to load.
  const scheme = 'encrypted' in socket ? 'https' : 'http';
  if (origin !== undefined && !own.some((name) => origin === `${scheme}://${name}`)) {
    throw forbidden('Web pages may not use this API.');
  }
  return `${scheme}://${host}`;
}

/**
 * Refuses what the page of another site, or of another port of this machine, asks for. Unlike `Origin`, browsers send this
 * header with every request. https://www.w3.org/TR/fetch-metadata/
 * @param isLinkable whether such a page may link to the route
 * @throws ApiError 403
 */
export function checkSite({ headers }: Pick<IncomingMessage, 'headers'>, isLinkable: boolean): void {
  const { 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
  if (site === 'none' || site === 'same-origin') return;
  // Not in a frame.
  if (isLinkable && mode === 'navigate' && dest === 'document') return;
  throw forbidden('Web pages may not use this API.');
}

/** The token that a request brings, which may be anything; empty if it brings none. */
export function bearerOf({ authorization = '' }: Pick<IncomingHttpHeaders, 'authorization'>): string {
  return /^Bearer (\S+)$/.exec(authorization)?.[1] ?? '';
}

/** Whether a request has the user's token, or the one that dynosim's own client sends instead. */
export function hasToken(
  { headers }: IncomingMessage,
  { token, instance }: { readonly token: string; readonly instance: string },
): boolean {
  const given = bearerOf(headers);
  return isSame(given, token) || isSame(given, instanceSecrets(token, instance).token);
}

/** Whether a request has the token as its password, with any user name. */
export function hasPassword({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  const [, credentials = ''] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
  return isSame(password, token);
}

/** Compares in constant time, which reveals neither where a wrong secret differs nor the length of the right one. */
export function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => crypto().createHash('sha256').update(text).digest();
  return crypto().timingSafeEqual(digest(given), digest(secret));
}
