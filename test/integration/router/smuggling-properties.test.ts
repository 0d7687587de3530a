import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RecordingDyno, recordingDyno, statuses, summary } from './recording-dyno.js';
import { type StrictRequest, strictRequests } from './strict-requests.js';
import { startWorld, type Wire, type World } from './world.js';

type Lines = readonly (readonly [name: string, value: string])[];

const token = fc.stringMatching(/^x-[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/);
const ows = fc.constantFrom('', ' ', '\t', ' \t ');
const value = fc.stringMatching(/^([!-~\x80-\xff]([ -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/);
// From few names, so that some come twice.
const header = fc.tuple(fc.oneof(token, fc.constantFrom('X-a', 'x-A', 'Cookie', 'Accept')), value);
const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString('latin1'));
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'SEARCH'),
  target: fc.stringMatching(/^\/[!-~]{0,20}$/),
  headers: fc.array(fc.record({ line: header, before: ows, after: ows, isForThisHop: fc.boolean() })),
  body: fc.oneof(
    fc.constant({ kind: 'none' } as const),
    fc.record({ kind: fc.constant('sized' as const), text: bytes(300) }),
    fc.record({
      kind: fc.constant('chunked' as const),
      chunks: fc.array(bytes(300).filter((chunk) => chunk !== '')),
      extension: fc.constantFrom('', ';a', ';a=b', ';a="b c"'),
      sizeOf: fc.constantFrom(
        (n: number) => n.toString(16),
        (n: number) => n.toString(16).toUpperCase(),
        (n: number) => `000${n.toString(16)}`,
      ),
      trailers: fc.array(fc.tuple(token, value), { maxLength: 3 }),
    }),
  ),
});
type Generated = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** As written by a client. */
function written({ method, target, headers, body }: Generated): string {
  const gone = headers.filter(({ isForThisHop }) => isForThisHop).map(({ line: [name] }) => name);
  const lines = headers.map(({ line: [name, text], before, after }) => `${name}:${before}${text}${after}`);
  const head = [`${method} ${target} HTTP/1.1`, 'Host: a', ...lines, `Connection: ${gone.join(' ,')}`];
  if (body.kind === 'none') return [...head, '', ''].join('\r\n');
  if (body.kind === 'sized')
    return [...head, `Content-Length: ${body.text.length}`, '', body.text].join('\r\n');
  const chunks = body.chunks.flatMap((chunk) => [body.sizeOf(chunk.length) + body.extension, chunk]);
  const trailers = body.trailers.map(([name, text]) => `${name}: ${text}`);
  return [...head, 'Transfer-Encoding: chunked', '', ...chunks, '0', ...trailers, '', ''].join('\r\n');
}

/** As the dyno must read it. */
function expected({ method, target, headers, body }: Generated): StrictRequest {
  const gone = headers
    .filter(({ isForThisHop }) => isForThisHop)
    .map(({ line: [name] }) => name.toLowerCase());
  const passing = headers.map(({ line }) => line).filter(([name]) => !gone.includes(name.toLowerCase()));
  if (body.kind === 'none') return { method, target, headers: passing, body: '', trailers: [] };
  if (body.kind === 'sized') return { method, target, headers: passing, body: body.text, trailers: [] };
  return { method, target, headers: passing, body: body.chunks.join(''), trailers: body.trailers };
}

/** Without the router's own headers, and those that frame the body. */
function own(headers: Lines): Lines {
  const others = /^(?:host|connection|via|content-length|transfer-encoding|x-forwarded-.*|x-request-.*)$/i;
  return headers.filter(([name]) => !others.test(name));
}

const LAST = ['GET /last HTTP/1.1', 'Host: a', 'Connection: close', '', ''].join('\r\n');

async function sendCut(client: Wire, text: string, cuts: readonly number[]): Promise<void> {
  let from = 0;
  for (const at of [...cuts.map((cut) => cut % text.length), text.length].sort((a, b) => a - b)) {
    client.send(text.slice(from, at));
    from = at;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a request arrives as it was sent, however odd, pipelined and cut', async () => {
  const world = await startWorld();
  const dyno = await recordingDyno(world);
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (requests, cuts) => {
        const client = await world.connect();
        await sendCut(client, requests.map(written).join('') + LAST, cuts);
        await client.ended();
        client.socket.end();
        const read = dyno.recorded();
        expect(read.begun).toEqual([]);
        expect(statuses(client.all)).toEqual([...requests.map(() => '200'), '200']);
        expect(read.requests.map((one) => ({ ...one, headers: own(one.headers) }))).toEqual([
          ...requests.map(expected),
          { method: 'GET', target: '/last', headers: [], body: '', trailers: [] },
        ]);
      },
    ),
    { numRuns: 100 },
  );
});

/** What makes parsers disagree. */
const NASTY = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    '\x0b',
    '\xa0',
    ':',
    ',',
    ';',
    '0',
    '1',
    '5',
    '-',
    '+',
    '_',
    '"',
    '\r\n ',
  ],
  ...[
    '\r\n\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: 0\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Host: b\r\n',
  ],
  ...[
    'chunked',
    ', chunked',
    'gzip, ',
    '0\r\n\r\n',
    'ffffffffffffffff',
    'GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n',
  ],
  ...['Connection: Upgrade\r\nUpgrade: x\r\n', 'Expect: 100-continue\r\n', 'HTTP/1.0', 'X: '],
] as const;

const mutation = fc.record({
  at: fc.nat(),
  isByLine: fc.boolean(),
  removed: fc.integer({ min: 0, max: 4 }),
  added: fc.constantFrom(...NASTY),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(text: string, { at, isByLine, removed, added }: Mutation): string {
  const lineStarts = [...text.matchAll(/\r\n/g)].map(({ index }) => index + 2);
  const from = isByLine ? (lineStarts[at % lineStarts.length] ?? 0) : at % text.length;
  return text.slice(0, from) + added + text.slice(from + removed);
}

/** The requests before the first ambiguous byte. */
function clearOnes(text: string): readonly StrictRequest[] {
  for (let end = text.length; end > 0; end -= 1) {
    try {
      return strictRequests(text.slice(0, end)).requests;
    } catch {}
  }
  return [];
}

/** Until the router has closed a connection: what waits for bytes that never come, waits for time to pass. */
async function ended(world: World, dyno: RecordingDyno, client: Wire): Promise<void> {
  for (let quiet = 0, before = -1; !client.isEnded && !client.isClosed; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const moved = client.all.length + dyno.bytes();
    quiet = moved === before ? quiet + 1 : 0;
    before = moved;
    if (quiet > 20) await world.clock.advance(60_000);
  }
}

test('for any input, the dyno gets nothing ambiguous, and responses go to the right client', async () => {
  const world = await startWorld();
  const dyno = await recordingDyno(world);
  let served = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 3 }),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      async (requests, mutations) => {
        const text = mutations.reduce(mutated, requests.map(written).join(''));
        const client = await world.connect();
        // Followed by bytes that end any head, and most bodies.
        client.send(text + LAST + 'x'.repeat(500));
        await ended(world, dyno, client);
        client.socket.end();
        const read = dyno.recorded().requests.map(summary);
        const answers = statuses(client.all);
        expect(answers.filter((status) => status === '200')).toHaveLength(read.length);
        for (const [n, clear] of clearOnes(text).entries()) {
          if (answers[n] !== '200') break;
          expect(read).toContain(summary(clear));
        }
        served += read.length;
        refused += answers.length - read.length;
      },
    ),
    { numRuns: 300 },
  );
  // The mutations are neither too mild nor too wild.
  expect(Math.min(served, refused)).toBeGreaterThan(100);
});
