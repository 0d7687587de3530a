import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  headFor,
  isRepeatable,
  type RequestFacts,
  readRequest,
} from '../../../../src/router/client/request.js';

const CLIENT = { address: '203.0.113.9', port: 5006, protocol: 'http' } as const;

function read(line: string, ...headers: readonly string[]): RequestFacts {
  const req = new IncomingMessage(new Socket());
  const [method, url, version = '1.1'] = line.split(' ');
  Object.assign(req, { method, url, httpVersionMajor: 1, httpVersionMinor: Number(version.split('.')[1]) });
  req.rawHeaders = ['Host: a', ...headers].flatMap((header) => header.split(/: ?(.*)/s, 2));
  return readRequest(req, CLIENT, 1_700_000_000_000.7, true);
}

describe('the request id', () => {
  test.each([
    'a'.repeat(20),
    'a'.repeat(200),
    'ABCxyz019+/=-ABCxyz019',
    '01234567-89ab-cdef-0123-456789abcdef',
  ])('%s of the client is kept', (id) => {
    expect(read('GET /', `X-Request-Id: ${id}`).requestId).toBe(id);
  });

  test.each([
    '',
    'a'.repeat(19),
    'a'.repeat(201),
    'with_underscores_is_bad',
    'with blanks it is bad too',
    '{"a":"01234567890123"}',
  ])('%j of the client is replaced', (id) => {
    const one = read('GET /', `X-Request-Id: ${id}`);
    const two = read('GET /', `x-request-id: ${id}`);
    expect(one.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(one.requestId).not.toBe(two.requestId);
    expect(one.headerLines.match(/x-request-id/gi)).toHaveLength(1);
  });
});

test('the head for a dyno ends with how the connection is to be used', () => {
  expect(headFor(read('GET /a?b'), 'close')).toMatch(
    /^GET \/a\?b HTTP\/1\.1\r\nHost: a\r\n.*X-Request-Start: 1700000000000\r\nConnection: close\r\n\r\n$/s,
  );
});

describe('a request may be sent again', () => {
  test.each(['GET', 'HEAD', 'OPTIONS', 'TRACE'])('if it is a %s without body', (method) => {
    expect(isRepeatable(read(`${method} /`))).toBe(true);
    expect(isRepeatable(read(`${method} /`, 'Content-Length: 0'))).toBe(true);
    expect(isRepeatable(read(`${method} /`, 'Content-Length: 1'))).toBe(false);
    expect(isRepeatable(read(`${method} /`, 'Transfer-Encoding: chunked'))).toBe(false);
    expect(isRepeatable(read(`${method} /`, 'Connection: Upgrade', 'Upgrade: x'))).toBe(false);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('not if it is a %s', (method) => {
    expect(isRepeatable(read(`${method} /`))).toBe(false);
  });
});

test('Upgrade alone is not an upgrade, and passes', () => {
  const facts = read('GET /', 'Upgrade: x', 'Connection: keep-alive');
  expect(facts.isUpgrade).toBe(false);
  expect(facts.headerLines).toContain('Upgrade: x\r\n');
});

test('an HTTP/1.0 client expects nothing', () => {
  expect(read('POST / HTTP/1.0', 'Expect: 100-continue', 'Content-Length: 1')).toMatchObject({
    expectsContinue: false,
    refusal: undefined,
  });
  expect(read('GET / HTTP/1.0', 'Expect: tea').refusal).toBeUndefined();
  expect(read('GET /', 'Expect:').refusal).toBeUndefined();
});
