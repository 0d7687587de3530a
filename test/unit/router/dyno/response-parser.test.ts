import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Llhttp } from '../../../../src/router/dyno/llhttp.js';
import { ResponseParser } from '../../../../src/router/dyno/response-parser.js';
import { anyText } from '../../../helpers/any-text.js';

const llhttp = new Llhttp();

/** A parser's events for these chunks; parts of a body are joined. */
function parse(
  pieces: readonly string[],
  { expect = 'response', isFinished = false }: Options = {},
): unknown[] {
  const events: unknown[] = [];
  let body = '';
  const parser = new ResponseParser(llhttp, {
    onHead: ({ status, reason, headers, keepAlive }) => events.push([status, reason, ...headers, keepAlive]),
    onBody: (chunk) => {
      body += chunk.toString('latin1');
    },
    onEnd: (trailers) => {
      events.push(['end', body, ...trailers]);
      body = '';
    },
  });
  parser.expect(expect);
  for (const piece of pieces) {
    const parsed = parser.execute(Buffer.from(piece, 'latin1'));
    if (parsed.kind === 'fault') events.push(parsed.fault.detail);
    if (parsed.kind === 'upgraded') events.push(['upgraded', parsed.rest.toString('latin1')]);
    if (parsed.kind !== 'ok') break;
  }
  if (isFinished) events.push(parser.finish().kind);
  parser.free();
  return events;
}

interface Options {
  readonly expect?: 'response' | 'head only';
  readonly isFinished?: boolean;
}

const RESPONSE = [
  'HTTP/1.1 103 Early Hints',
  'Link: </a>',
  '',
  'HTTP/1.1 200 Quite OK',
  'X-Empty:',
  'x-Case:  \xe9 ',
  'Transfer-Encoding: chunked',
  '',
  '3',
  'abc',
  '2',
  'de',
  '0',
  'X-Trailer: t',
  '',
  '',
].join('\r\n');

const EVENTS = [
  [103, 'Early Hints', 'Link', '</a>', true],
  ['end', ''],
  [200, 'Quite OK', 'X-Empty', '', 'x-Case', '\xe9', 'Transfer-Encoding', 'chunked', true],
  ['end', 'abcde', 'X-Trailer', 't'],
];

test('finds heads, bodies and trailers, however the bytes are cut', () => {
  expect(parse([RESPONSE])).toEqual(EVENTS);
  fc.assert(
    fc.property(fc.array(fc.nat(RESPONSE.length), { maxLength: 12 }), (cuts) => {
      const ends = [...cuts.sort((a, b) => a - b), RESPONSE.length];
      const pieces = ends
        .map((end, i) => RESPONSE.slice(ends[i - 1] ?? 0, end))
        .filter((piece) => piece !== '');
      expect(parse(pieces)).toEqual(EVENTS);
    }),
  );
});

test('never throws, for any input', () => {
  fc.assert(
    fc.property(fc.array(anyText({ minLength: 1 })), (pieces) => {
      parse(['HTTP/1.1 200 OK\r\n', ...pieces], { isFinished: true });
    }),
  );
});

describe('the end of a body', () => {
  test('may be that of the connection', () => {
    expect(parse(['HTTP/1.1 200 OK\r\n\r\nall of it'], { isFinished: true })).toEqual([
      [200, 'OK', false],
      ['end', 'all of it'],
      'ok',
    ]);
    expect(parse(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'], { isFinished: true })).toEqual([
      [200, 'OK', 'Content-Length', '9', true],
      'fault',
    ]);
  });

  test('is that of the head for HEAD, 204 and 304', () => {
    const head = (status: string): string => `HTTP/1.1 ${status}\r\nContent-Length: 9\r\n\r\n`;
    for (const events of [
      parse([head('200 OK')], { expect: 'head only' }),
      parse([head('204 No')]),
      parse([head('304 No')]),
    ])
      expect(events[1]).toEqual(['end', '']);
  });
});

test('after a 101 the rest belongs to the other protocol', () => {
  expect(parse(['HTTP/1.1 101 Yes\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nrest'])).toEqual([
    [101, 'Yes', 'Upgrade', 'x', 'Connection', 'Upgrade', true],
    ['end', ''],
    ['upgraded', 'rest'],
  ]);
});

test('an unrequested response is a fault', () => {
  const twice = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'.repeat(2);
  expect(parse([twice])).toEqual([[200, 'OK', 'Content-Length', '0', true], ['end', ''], 'Not asked for']);
});

test('an exception in an event comes out, and the next parser works', () => {
  const parser = new ResponseParser(llhttp, {
    onHead: () => {
      throw new Error('ours');
    },
    onBody: () => {},
    onEnd: () => {},
  });
  parser.expect('response');
  expect(() => parser.execute(Buffer.from(RESPONSE, 'latin1'))).toThrow('ours');
  parser.free();
  expect(parse([RESPONSE])).toEqual(EVENTS);
});

describe('a Set-Cookie line of more than 8192 bytes is a fault', () => {
  const cookie = (bytes: number): string => `Set-Cookie: ${'x'.repeat(bytes - 12)}\r\n`;
  const head = (...lines: readonly string[]): string =>
    `HTTP/1.1 200 OK\r\n${lines.join('')}Content-Length: 0\r\n\r\n`;

  test.each([
    ['as the first header', []],
    ['behind another', ['X: 1\r\n']],
  ])('%s', (_, before) => {
    expect(parse([head(...before, cookie(8192))])).toHaveLength(2);
    for (const bytes of [8193, 8194, 8195])
      expect(parse([head(...before, cookie(bytes))])).toEqual(['oversized cookie']);
  });

  test('not several that are longer together', () => {
    expect(parse([head(cookie(8192), cookie(8192))])).toHaveLength(2);
  });
});

test('a chunk larger than any before is parsed', () => {
  const body = 'x'.repeat(1_000_000);
  expect(parse([`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`])[1]).toEqual([
    'end',
    body,
  ]);
});
