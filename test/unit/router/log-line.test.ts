import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { RouterError } from '../../../src/router/errors.js';
import { decodedPath, type RouterLine, routerEntry } from '../../../src/router/log-line.js';

const line = (more: Partial<RouterLine> = {}): RouterLine => ({
  request: {
    method: 'GET',
    target: '/api/Schlachter%201951/books?a=%C3%A9',
    host: 'www.example.com',
    requestId: 'bf6476e1-ab1b-20f1-b4b8-dcb74b959e3d',
    forwardedFor: '203.0.113.21, 203.0.113.22',
    httpMajor: 1,
    httpMinor: 1,
    userAgent: 'curl/8.5.0',
  },
  client: { address: '127.0.0.1', tlsVersion: '' },
  dyno: 'web.1',
  connectMs: 0.4,
  serviceMs: 73.6,
  waitMs: 0.2,
  isHeld: false,
  moments: { arrivedAt: 10, sentAt: 10.6, answeredAt: 80, endedAt: 84.2, connectMs: 0.4, boot: undefined },
  status: 200,
  bytes: 2256,
  error: undefined,
  ...more,
});

test('success, as Router 2.0 writes it', () => {
  const { brief, ...entry } = routerEntry(line(), 1);
  expect(brief?.()).toBe('GET /api/Schlachter 1951/books?a=é 200 74ms web.1');
  expect(entry).toEqual({
    at: 1,
    source: 'heroku',
    dyno: 'router',
    line:
      'at=info method=GET path="/api/Schlachter 1951/books?a=é" host=www.example.com ' +
      'request_id=bf6476e1-ab1b-20f1-b4b8-dcb74b959e3d fwd="203.0.113.21,203.0.113.22" dyno=web.1 connect=0ms ' +
      'service=74ms status=200 bytes=2256 protocol=http1.1 tls=false',
    router: {
      method: 'GET',
      path: '/api/Schlachter%201951/books?a=%C3%A9',
      status: 200,
      code: null,
      dyno: 'web.1',
      connectMs: 0,
      serviceMs: 74,
      bytes: 2256,
      requestId: 'bf6476e1-ab1b-20f1-b4b8-dcb74b959e3d',
      client: '127.0.0.1',
      userAgent: 'curl/8.5.0',
      isHeld: false,
      timeline: {
        queuedMs: 0.2,
        delayMs: 0,
        bootMs: 0,
        connectMs: 0.4,
        firstByteMs: 69.4,
        bodyMs: 4.2,
        totalMs: 74.2,
      },
    },
  });
});

test('for people, with the time that it was held', () => {
  expect(routerEntry(line({ waitMs: 6260 }), 1).brief?.()).toBe(
    'GET /api/Schlachter 1951/books?a=é 200 74ms (waited 6.3s) web.1',
  );
});

test('an error after a dyno was chosen', () => {
  const entry = routerEntry(
    line({ error: new RouterError('H12'), status: 503, serviceMs: 30_000, bytes: 567 }),
    1,
  );
  expect(entry.line).toMatch(
    /^at=error code=H12 desc="Request timeout" method=GET .* service=30000ms status=503 bytes=567 /,
  );
  expect(entry.brief?.()).toBe('GET /api/Schlachter 1951/books?a=é 503 H12 Request timeout 30000ms web.1');
});

test('sock comes first, and the details of an H25 with its description', () => {
  expect(routerEntry(line({ error: new RouterError('H18') }), 1).line).toMatch(
    /^sock=backend at=error code=H18 /,
  );
  expect(routerEntry(line({ error: new RouterError('H27') }), 1).line).toMatch(
    /^sock=client at=warning code=H27 /,
  );
  expect(routerEntry(line({ error: new RouterError('H25', 'oversized cookie') }), 1).line).toContain(
    ' desc="HTTP restriction: oversized cookie" ',
  );
});

test('without a dyno its fields are empty', () => {
  const entry = routerEntry(
    line({
      dyno: '',
      connectMs: undefined,
      serviceMs: undefined,
      status: 503,
      error: new RouterError('H14'),
    }),
    1,
  );
  expect(entry.line).toContain(' dyno= connect= service= status=503 bytes= protocol=http1.1 tls=false');
  expect(entry.brief?.()).toBe('GET /api/Schlachter 1951/books?a=é 503 H14 No web processes running');
});

test('TLS is logged', () => {
  expect(routerEntry(line({ client: { address: '::1', tlsVersion: 'tls1.3' } }), 1).line).toMatch(
    / protocol=http1\.1 tls=true tls_version=tls1\.3$/,
  );
});

describe('the path', () => {
  test.each([
    ['/plain?a=b', '/plain?a=b'],
    ['/a%20b', '/a b'],
    ['/%E2%82%AC%21', '/€!'],
    ['/%e2%82', '/%e2%82'],
    ['/%', '/%'],
    ['/%zz%41', '/%zzA'],
    ['/%22"', '/%22%22'],
    ['/%0a%0D%00%7f', '/%0A%0D%00%7F'],
    ['/a%0Aat=error', '/a%0Aat=error'],
  ])('%s is logged as %s', (target, path) => {
    expect(decodedPath(target)).toBe(path);
  });
});

test('an entry keeps nothing of its error, whose stack knows the request and its connection', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const refer = (error: RouterError) => ({
    error: new WeakRef(error),
    entry: routerEntry(line({ error }), 1),
  });
  const { error, entry } = refer(new RouterError('H12'));
  await nextTurn();
  collect();
  expect(error.deref()).toBeUndefined();
  expect(entry.brief?.()).toContain('H12');
});
