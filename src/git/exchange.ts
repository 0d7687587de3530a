import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../base/clock.js';
import type { Process } from '../base/process.js';
import { PacketLimit } from './packet-limit.js';

/** What git's clients must never find in a cache. */
const UNCACHED = {
  'Cache-Control': 'no-cache, max-age=0, must-revalidate',
  Expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  Pragma: 'no-cache',
};

/** Answers with lines that git shows to its user, which it does for plain text alone. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...UNCACHED,
  });
  response.end(text);
}

/**
 * Gives git the body of a request as fast as it reads. If the client leaves amid it, or it is too large, git finds that
 * it is cut short. If git ends amid it, the rest is read and dropped, so that the client gets to read git's answer.
 * @param hasPack of any size, at its end
 * @returns cuts it short
 */
export function feed(request: IncomingMessage, stdin: Writable, hasPack: boolean): () => void {
  const cut = (): void => {
    request.unpipe();
    request.resume();
    stdin.end();
  };
  const isZipped = request.headers['content-encoding'] === 'gzip';
  const body = isZipped ? request.pipe(createGunzip()).on('error', cut) : request;
  body.pipe(new PacketLimit(hasPack)).on('error', cut).pipe(stdin).on('error', cut);
  if (request.destroyed) cut();
  else request.once('close', () => request.readableEnded || cut());
  return cut;
}

interface RelayOptions {
  readonly type: string;
  /** Sent before what git prints. */
  readonly head?: string;
  /** A client that reads nothing for so long is taken to have left. */
  readonly patience?: { readonly clock: Clock; readonly ms: number };
}

/**
 * Answers with what git prints, as fast as the client reads. A client that has left keeps git from nothing: the rest is
 * read and dropped.
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
  // A client waits for ever for the rest of an answer that ends in the middle as if it were whole.
  if (status !== 0) return void response.destroy();
  begin();
  response.end();
}

/** As much as a message can bear of the end of what a program complains about. */
function lastWords(stderr: Readable): () => string {
  let text = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-1000);
  });
  return () => text.trim();
}
