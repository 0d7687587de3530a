import { describe, expect, test } from 'vitest';
import type { RequestFacts } from '../../../../src/router/client/request.js';
import {
  type ClientHead,
  headForClient,
  informationForClient,
} from '../../../../src/router/client/response.js';

function head(
  request: Partial<Pick<RequestFacts, 'method' | 'httpMinor'>>,
  status: number,
  ...headers: readonly string[]
): ClientHead {
  return headForClient(
    { status, reason: 'x', headers: headers.flatMap((header) => header.split(': ')), keepAlive: true },
    { method: 'GET', httpMinor: 1, ...request },
  );
}

const ADDED = ['Server', 'Heroku', 'Via', '1.1 heroku-router'];

describe('the client can find the end of the body', () => {
  test.each([
    ['by its length', { httpMinor: 0 }, 200, 'Content-Length: 1', true],
    ['by chunks', {}, 200, 'Transfer-Encoding: chunked', true],
    ['by chunks that the router makes', {}, 200, 'X: 1', true],
    ['because there is none', { httpMinor: 0, method: 'HEAD' }, 200, 'X: 1', true],
    ['because there is none', { httpMinor: 0 }, 204, 'X: 1', true],
    ['because there is none', { httpMinor: 0 }, 304, 'X: 1', true],
    ['not, if it knows no chunks', { httpMinor: 0 }, 200, 'Transfer-Encoding: chunked', false],
    ['not, with another coding', {}, 200, 'Transfer-Encoding: gzip', false],
  ] as const)('%s', (_, request, status, header, isFramed) => {
    expect(head(request, status, header).isFramed).toBe(isFramed);
  });
});

test.each([
  ['chunked', true],
  ['gzip, chunked', true],
  ['gzip', true],
  ['gzip,chunked', true],
  ['chunked, gzip', false],
  ['chunked, chunked', false],
  ['x-chunked', false],
  ['chunked;q=1', false],
])('Transfer-Encoding: %s marks the end of the body, or leaves it ambiguous: %s', (coding, isSound) => {
  expect(head({}, 200, `Transfer-Encoding: ${coding}`).isSound).toBe(isSound);
});

test('Transfer-Encoding passes only where it belongs', () => {
  const chunked = ['Transfer-Encoding', 'chunked'];
  expect(head({}, 200, 'Transfer-Encoding: chunked').headers).toEqual([...chunked, ...ADDED]);
  expect(head({ method: 'HEAD' }, 200, 'Transfer-Encoding: chunked').headers).toEqual([...chunked, ...ADDED]);
  expect(head({ httpMinor: 0 }, 200, 'Transfer-Encoding: chunked').headers).toEqual(ADDED);
  expect(head({}, 204, 'Transfer-Encoding: chunked').headers).toEqual(ADDED);
});

test('Trailer passes only with chunks', () => {
  expect(head({}, 200, 'Trailer: X', 'Transfer-Encoding: chunked').headers).toContain('Trailer');
  expect(head({}, 200, 'Trailer: X', 'Content-Length: 1').headers).not.toContain('Trailer');
  expect(head({ httpMinor: 0 }, 200, 'Trailer: X', 'Transfer-Encoding: chunked').headers).toEqual(ADDED);
});

test('hop-by-hop headers do not pass, but the body’s length always does', () => {
  expect(
    head(
      {},
      200,
      'Connection: close, X-A',
      'X-A: 1',
      'x-b: 2',
      'connection: X-B, Content-Length',
      'Content-Length: 3',
    ).headers,
  ).toEqual(['Content-Length', '3', ...ADDED]);
});

test('Server and Via of the app stay', () => {
  expect(head({}, 200, 'server: mine', 'Via: 1.0 a', 'via: 1.1 b').headers).toEqual([
    'server',
    'mine',
    'Via',
    '1.0 a, 1.1 b, 1.1 heroku-router',
  ]);
});

test.each([
  ['timeout=5', 5000],
  ['max=100, timeout=15', 15_000],
  ['Timeout=0', 0],
  ['max=100', undefined],
  ['5', undefined],
])('Keep-Alive: %s', (value, ms) => {
  expect(head({}, 200, `Keep-Alive: ${value}`)).toMatchObject({ dynoKeepAliveMs: ms, headers: ADDED });
});

describe('a 1xx response', () => {
  const information = (status: number, ...headers: readonly string[]): string =>
    informationForClient({
      status,
      reason: 'x',
      headers: headers.flatMap((header) => header.split(': ')),
      keepAlive: true,
    });

  test('passes without hop-by-hop headers', () => {
    expect(
      information(
        103,
        'Link: </a>',
        'X-A: 1',
        'Connection: close, X-A',
        'connection: X-B, Content-Length',
        'keep-alive: timeout=5',
        'Proxy-Connection: keep-alive',
        'Transfer-Encoding: chunked',
        'x-b: 2',
        'link: </b>',
        'Content-Length: 3',
      ),
    ).toBe('HTTP/1.1 103 x\r\nLink: </a>\r\nlink: </b>\r\nContent-Length: 3\r\n\r\n');
  });

  test('that switches protocols passes as it is', () => {
    expect(information(101, 'Upgrade: x', 'Connection: Upgrade')).toBe(
      'HTTP/1.1 101 x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    );
  });
});
