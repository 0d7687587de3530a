import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { recordingDyno, statuses, summary } from './recording-dyno.js';
import { startWorld, type Wire } from './world.js';

/** A stanza of smuggling.txt. */
interface Case {
  readonly name: string;
  readonly bytes: string;
  /** The client closes its side after the bytes. */
  readonly isCutOff: boolean;
  readonly verdict: readonly string[];
}

const cases = readFileSync(new URL('smuggling.txt', import.meta.url), 'utf8')
  .split(/\n{2,}/)
  .map((stanza) => stanza.trimEnd().split('\n'))
  .filter(([, line = '']) => line.startsWith('> '))
  .map(([name = '', line = '', verdict = '']): Case => {
    const text = line.slice(2);
    return {
      name,
      bytes: decoded(text.replace('{FIN}', '')),
      isCutOff: text.endsWith('{FIN}'),
      verdict: verdict.split('; ').map(decoded),
    };
  });

/** `\r` and `{3*x}` as smuggling.txt has them. */
function decoded(text: string): string {
  const names: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\' };
  const plain = text.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex?: string, name = '') =>
    hex === undefined ? (names[name] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return plain.replace(/\{(\d+)\*([^}]*)\}/g, (_, times: string, what: string) => what.repeat(Number(times)));
}

const LAST = ['GET /last HTTP/1.1', 'Host: a', 'Connection: close', '', ''].join('\r\n');

/** Writes bytes so that each is likely to be read by itself. */
async function trickle(client: Wire, bytes: string): Promise<void> {
  for (const byte of bytes) {
    client.send(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('router and dyno agree on where a request ends', () => {
  test('in enough cases, each with a name of its own', () => {
    expect(cases.length).toBeGreaterThan(200);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  test.each(cases)('$name', async ({ bytes, isCutOff, verdict }) => {
    const [isClosed, answers] = [verdict.includes('closed'), verdict.filter((item) => item !== 'closed')];
    const expected = answers
      .filter((item) => item !== 'cut')
      .map((item) => /^\d{3}/.exec(item)?.[0] ?? '200');
    const requests = answers.filter((item) => /^[A-Z]/.test(item));
    for (const way of ['at once', 'byte by byte']) {
      if (way === 'byte by byte' && bytes.length > 300) continue;
      const world = await startWorld();
      const dyno = await recordingDyno(world);
      const client = await world.connect();
      if (way === 'at once') client.send(bytes + (isCutOff ? '' : LAST));
      else await trickle(client, bytes + (isCutOff ? '' : LAST));
      if (isCutOff) client.socket.end();
      await client.ended();
      // Once this has been answered, the dyno has read what it was to read before.
      await world.request('GET /after HTTP/1.1', 'Host: a', 'Connection: close', '', '');
      const { requests: read, begun } = dyno.recorded();
      const last = isClosed ? [] : ['GET /last'];
      const all = [...requests, ...last, 'GET /after'];
      expect(statuses(client.all), way).toEqual([...expected, ...last.map(() => '200')]);
      expect(read.map(summary).sort(), way).toEqual(all.sort());
      if (!/cut|begun/.test(verdict.join())) expect(begun, way).toEqual([]);
    }
  });
});
