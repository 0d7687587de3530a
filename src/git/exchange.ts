import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../base/clock.js';
import type { Process } from '../base/process.js';
import { PacketLimit } from './packet-limit.js';

/** Responses to git must not be cached. */
const UNCACHED = {
  'Cache-Control': 'no-cache, max-age=0, must-revalidate',
  Expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  Pragma: 'no-cache',
};

/** Sends lines that git shows to its user. git does so only for plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...UNCACHED,
  });
  response.end(text);
}

/** The body of a request on its way to git. */
export interface Feeding {
  /** Where the history of a shallow clone ends that pushes. Complete when git has got the pack. */
  readonly shallow: readonly string[];
  /** Stops early. */
  cut(): void;
}

/**
 * Passes the body of a request to git as fast as git reads it. If the client disconnects, or the body is too large, git
 * sees an early end. If git ends early, the rest is read and dropped, so that the client can read git's answer.
 * @param hasPack whether a pack of any size is at the end
 */
export function feed(request: IncomingMessage, stdin: Writable, hasPack: boolean): Feeding {
  const cut = (): void => {
    request.unpipe();
    request.resume();
    stdin.end();
  };
  const isZipped = /^(?:x-)?gzip$/.test(request.headers['content-encoding'] ?? '');
  const body = isZipped ? request.pipe(createGunzip()).on('error', cut) : request;
  const packets = new PacketLimit(hasPack);
  body.pipe(packets).on('error', cut).pipe(stdin).on('error', cut);
  if (request.destroyed) cut();
  else request.once('close', () => request.readableEnded || cut());
  return { shallow: packets.shallow, cut };
}

interface RelayOptions {
  readonly type: string;
  /** Sent before git's output. */
  readonly head?: string;
  /** How long a client may read nothing before it is disconnected. */
  readonly patience?: { readonly clock: Clock; readonly ms: number };
}

/**
 * Sends git's output as fast as the client reads it. If the client disconnects, the rest is read and dropped, so that
 * git can finish.
 */
export async function relay(
  git: Process,
  response: ServerResponse,
  { type, head = '', patience }: RelayOptions,
): Promise<void> {
  const complaint = lastWords(git.stderr);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const begin = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { 'Content-Type': type, ...UNCACHED });
    response.write(head);
  };
  for await (const chunk of git.stdout) {
    if (gone.signal.aborted) continue;
    begin();
    if (response.write(chunk)) continue;
    const cancel = patience?.clock.after(patience.ms, () => response.destroy());
    await once(response, 'drain', { signal: gone.signal }).catch(() => {});
    cancel?.();
  }
  const { status } = await git.exited;
  if (gone.signal.aborted) return;
  if (status !== 0 && !response.headersSent)
    return sendText(response, 500, `!\tdynosim: git failed: ${complaint()}\n`);
  // A response that ends normally in the middle of git's output would leave the client waiting.
  if (status !== 0) return void response.destroy();
  begin();
  response.end();
}

/** The end of a program's error output, short enough for a message. */
function lastWords(stderr: Readable): () => string {
  let text = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-1000);
  });
  return () => text.trim();
}
