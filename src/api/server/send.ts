import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { JsonAnswer, StreamAnswer, TextAnswer } from '../route.js';

/**
 * Sends a response. Resolves when the system has accepted all of it.
 * @param signal aborted when the client leaves
 */
export async function send(
  response: ServerResponse,
  answer: JsonAnswer | TextAnswer | StreamAnswer,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  if ('stream' in answer) {
    response.writeHead(answer.status, { 'Cache-Control': 'no-store', ...answer.headers });
    response.flushHeaders();
    for await (const text of answer.stream) {
      if (!response.write(text)) await once(response, 'drain', { signal }).catch(() => {});
    }
    response.end();
    await Promise.race([finished(response), aborted(signal)]);
    return;
  }
  const text = 'text' in answer ? answer.text : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...answer.headers,
  });
  response.end(text);
}

async function finished(response: ServerResponse): Promise<void> {
  if (!response.writableFinished) await once(response, 'finish');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
