import type { Readable } from 'node:stream';

/** All that a stream holds at this moment: from Node 26 on, `read()` returns one chunk of it. */
export function readNow(stream: Readable): string {
  let text = '';
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk;
  return text;
}
