import { isClientGone, NoSuchApp, type RouterError } from '../errors.js';
import type { ProxiedRequest } from '../proxied-request.js';

/**
 * The error page, the same for browsers and API clients: https://devcenter.heroku.com/articles/error-pages
 * It is small and self-contained, and does not copy Heroku's wording.
 */
export function errorPage(error: RouterError): string {
  const { title } = error;
  const text = textOf(error);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;color:#333}</style>
</head><body><h1>${title}</h1><p>${text}</p></body></html>
`;
}

function textOf(error: RouterError): string {
  if (error.code !== undefined)
    return `${error.code}: ${error.message}. The app’s log says more: <code>dynosim logs --tail</code>`;
  if (!(error instanceof NoSuchApp) || error.apps === undefined)
    return 'The router did not pass this request on.';
  if (error.apps.length === 0) return 'This host has no apps yet. Make one: <code>dynosim create</code>';
  const links = error.apps.map(({ name, url }) => `<li><a href="${url}">${name}</a></li>`);
  return `Each app of this host has its own address:</p><ul>${links.join('')}</ul><p>`;
}

/** Names and values alternate, as in `writeHead`. */
function errorPageHeaders(page: Buffer, { allow }: RouterError): string[] {
  return [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Content-Length', String(page.length)],
    ['Cache-Control', 'no-cache, no-store'],
    ['Server', 'Heroku'],
    allow === undefined ? [] : ['Allow', allow],
  ].flat();
}

/** A complete response to input that could not be parsed as a request. */
export function rawErrorPage(error: RouterError): string {
  const page = errorPage(error);
  const headers = errorPageHeaders(Buffer.from(page), error);
  let lines = 'Connection: close\r\n';
  for (let i = 0; i < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `HTTP/1.1 ${error.status} ${error.message}\r\n${lines}\r\n${page}`;
}

/** Ends a request with an error page, or closes the connection if the response has begun. */
export async function answerWithError(
  request: ProxiedRequest,
  error: RouterError,
  isClosing: boolean,
): Promise<void> {
  const { socket } = request.client;
  request.failed(error);
  if (isClientGone(error)) socket.destroy();
  else if (request.isAnswered) socket.destroySoon();
  else await sendPage(request, error, isClosing);
}

function sendPage(request: ProxiedRequest, error: RouterError, isClosing: boolean): Promise<void> {
  const { res, client } = request;
  const page = Buffer.from(errorPage(error));
  request.bytes = request.facts.method === 'HEAD' ? 0 : page.length;
  res.shouldKeepAlive &&= request.isReceived && !isClosing;
  res.writeHead(error.status, errorPageHeaders(page, error));
  // Only now: `writeHead` may have changed it, for example for a client that still waits for 100 Continue.
  if (!res.shouldKeepAlive) client.lastAnswer();
  return new Promise((resolve) => {
    request.onLeft(resolve);
    res.end(page, resolve);
  });
}
