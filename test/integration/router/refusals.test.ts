import { describe, expect, test } from 'vitest';
import { answering, fields, OK, startDyno, startWorld } from './world.js';

/** Sends bytes to a router whose dyno would respond with 200, and returns the outcome. */
async function outcome(...lines: readonly string[]): Promise<{
  readonly status: string | undefined;
  readonly answer: string;
  /** What the dyno saw, its first connection only. */
  readonly seen: string;
  /** The log's, which comes after the answer. */
  readonly line: () => Promise<string | undefined>;
}> {
  const world = await startWorld();
  const dyno = await startDyno(answering(...OK));
  world.backends.up(dyno.backend);
  const client = await world.connect();
  const answer = await client.send(...lines).until(/<\/html>\n$|ok$/);
  return {
    status: /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1],
    answer,
    seen: dyno.wires.items[0]?.all ?? '',
    line: async () => (await world.log.count(1))[0],
  };
}

describe('a request that is none is refused, and no dyno sees it', () => {
  const H = 'Host: localhost';
  const cases: Readonly<Record<string, readonly string[]>> = {
    'no Host': ['GET / HTTP/1.1', '', ''],
    'no Host, HTTP/1.0': ['GET / HTTP/1.0', '', ''],
    'an empty Host': ['GET / HTTP/1.1', 'Host:', '', ''],
    'two Hosts': ['GET / HTTP/1.1', H, 'Host: other', '', ''],
    'two equal Hosts': ['GET / HTTP/1.1', H, H, '', ''],
    'a Host with a path': ['GET / HTTP/1.1', 'Host: a/b', '', ''],
    'a Host with a user': ['GET / HTTP/1.1', 'Host: a@b', '', ''],
    'a Host with a blank': ['GET / HTTP/1.1', 'Host: a b', '', ''],
    'two hosts in one Host': ['GET / HTTP/1.1', 'Host: a, b', '', ''],
    'a Host with an odd port': ['GET / HTTP/1.1', 'Host: a:b', '', ''],
    'HTTP/0.9': ['GET /', '', ''],
    'HTTP/2.0': ['GET / HTTP/2.0', H, '', ''],
    'a blank in the target': ['GET /a b HTTP/1.1', H, '', ''],
    'a blank behind the version': ['GET / HTTP/1.1 ', H, '', ''],
    'an unknown method': ['FOO / HTTP/1.1', H, '', ''],
    'a line of RTSP': ['DESCRIBE / RTSP/1.1', H, '', ''],
    'a target that is no path': ['GET * HTTP/1.1', H, '', ''],
    'an absolute target that names no host': ['GET http://me@other/ HTTP/1.1', H, '', ''],
    'an absolute target, and a Host that is none': ['GET http://other/ HTTP/1.1', 'Host: a/b', '', ''],
    'Transfer-Encoding and Content-Length': [
      'POST / HTTP/1.1',
      H,
      'Transfer-Encoding: chunked',
      'Content-Length: 5',
      '',
      '0',
      '',
      '',
    ],
    'Content-Length and Transfer-Encoding': [
      'POST / HTTP/1.1',
      H,
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      '',
      '0',
      '',
      '',
    ],
    'two Content-Lengths': ['POST / HTTP/1.1', H, 'Content-Length: 5', 'Content-Length: 6', '', 'hello!'],
    'two equal Content-Lengths': [
      'POST / HTTP/1.1',
      H,
      'Content-Length: 5',
      'Content-Length: 5',
      '',
      'hello',
    ],
    'a list of Content-Lengths': ['POST / HTTP/1.1', H, 'Content-Length: 5, 5', '', 'hello'],
    'a signed Content-Length': ['POST / HTTP/1.1', H, 'Content-Length: +5', '', 'hello'],
    'a negative Content-Length': ['POST / HTTP/1.1', H, 'Content-Length: -5', '', 'hello'],
    'a hexadecimal Content-Length': ['POST / HTTP/1.1', H, 'Content-Length: 0x5', '', 'hello'],
    'an endless Content-Length': [
      'POST / HTTP/1.1',
      H,
      'Content-Length: 99999999999999999999999',
      '',
      'hello',
    ],
    'two Transfer-Encodings': [
      'POST / HTTP/1.1',
      H,
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: chunked',
      '',
      '0',
      '',
      '',
    ],
    'chunked in another coding': ['POST / HTTP/1.1', H, 'Transfer-Encoding: gzip, chunked', '', '0', '', ''],
    'chunked, chunked': ['POST / HTTP/1.1', H, 'Transfer-Encoding: chunked, chunked', '', '0', '', ''],
    'another coding': ['POST / HTTP/1.1', H, 'Transfer-Encoding: gzip', '', '0', '', ''],
    identity: ['POST / HTTP/1.1', H, 'Transfer-Encoding: identity', '', '0', '', ''],
    'a misspelt coding': ['POST / HTTP/1.1', H, 'Transfer-Encoding: xchunked', '', '0', '', ''],
    'Transfer-Encoding in HTTP/1.0': ['POST / HTTP/1.0', H, 'Transfer-Encoding: chunked', '', '0', '', ''],
    'a blank before the colon': ['POST / HTTP/1.1', H, 'Transfer-Encoding : chunked', '', '0', '', ''],
    'a folded header': ['GET / HTTP/1.1', H, 'X: 1', ' 2', '', ''],
    'NUL in a header': ['GET / HTTP/1.1', H, 'X: \0', '', ''],
    'a bare CR in a header': ['GET / HTTP/1.1', H, 'X: 1\rY: 2', '', ''],
    'bare LF line ends': [`GET / HTTP/1.1\n${H}\n\n`],
    'a header without colon': ['GET / HTTP/1.1', H, 'X', '', ''],
    'a header without name': ['GET / HTTP/1.1', H, ': x', '', ''],
    'Connection: upgrade without Upgrade': ['GET / HTTP/1.1', H, 'Connection: keep-alive, Upgrade', '', ''],
    'a request line of 8193 bytes': [`GET /${'x'.repeat(8193 - 14)} HTTP/1.1`, H, '', ''],
    'a header line of 8193 bytes': ['GET / HTTP/1.1', H, `X: ${'x'.repeat(8190)}`, '', ''],
    'a header name of 1001 bytes': ['GET / HTTP/1.1', H, `${'x'.repeat(1001)}: 1`, '', ''],
    '1001 headers': ['GET / HTTP/1.1', H, ...Array<string>(1000).fill('X: 1'), '', ''],
    'a head without end': ['GET / HTTP/1.1', H, `X: ${'x'.repeat(9_000_000)}`, '', ''],
    TLS: ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  };

  test.each(Object.entries(cases))('%s: 400', async (_, lines) => {
    const { status, answer, seen } = await outcome(...lines);
    expect(status).toBe('400');
    expect(answer).toContain('\r\nContent-Type: text/html; charset=utf-8\r\n');
    expect(seen).toBe('');
  });

  test('CONNECT: 405', async () => {
    const { status, answer, seen, line } = await outcome('CONNECT localhost:80 HTTP/1.1', H, '', '');
    expect(status).toBe('405');
    expect(answer).toContain('\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE\r\n');
    expect(seen).toBe('');
    expect(fields(await line())).toMatchObject({ method: 'CONNECT', status: '405' });
  });

  test.each(['200-ok', '100-continue, 200-ok'])('Expect: %s: 417', async (expectation) => {
    const { status, seen } = await outcome('GET / HTTP/1.1', H, `Expect: ${expectation}`, '', '');
    expect(status).toBe('417');
    expect(seen).toBe('');
  });
});

test('just within the limits it passes', async () => {
  const { status } = await outcome(
    `GET /${'x'.repeat(8192 - 14)} HTTP/1.1`,
    'Host: localhost',
    `X: ${'x'.repeat(8189)}`,
    `${'x'.repeat(1000)}: 1`,
    ...Array<string>(997).fill('X: 1'),
    '',
    '',
  );
  expect(status).toBe('200');
});

test('what the parser did not like stands on the page', async () => {
  const unknown = await outcome('FOO / HTTP/1.1', 'Host: a', '', '');
  expect(unknown.answer).toContain('<h1>Bad request: Invalid method encountered</h1>');
  const two = await outcome('POST / HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Content-Length: 2', '', '');
  expect(two.answer).toMatch(/<h1>Bad request: .*Content-Length.*<\/h1>/);
  const http2 = await outcome('PRI * HTTP/2.0', '', 'SM', '', '');
  expect(http2.answer).toContain('<h1>Bad request: HTTP/2 is not supported, send HTTP/1.1</h1>');
});

test('a refused request is logged, without a code', async () => {
  const { line } = await outcome('GET /a HTTP/1.1', 'Host: a"b\tc', 'X-Request-Id: short', '', '');
  expect(await line()).toMatch(
    /^at=info method=GET path="\/a" host=a%22b%09c request_id=\S{36} fwd="127.0.0.1" dyno= connect= service= status=400 bytes= protocol=http1.1 tls=false$/,
  );
});

test.each([
  ['GET /a', '0.9'],
  ['GET /a HTTP/0.9', '0.9'],
  ['GET /a HTTP/1.0', '1.0'],
  ['GET /a HTTP/2.0', '2.0'],
])('the log names the version of %s: %s', async (requestLine, version) => {
  const { line } = await outcome(requestLine, 'Host: a b', '', '');
  expect(fields(await line())).toMatchObject({ status: '400', protocol: `http${version}` });
});

test('an unknown host gets a 404, and no app’s log a line', async () => {
  const world = await startWorld();
  const answer = await world.request(
    'GET / HTTP/1.1',
    'Host: Unknown.localhost:80',
    'Connection: close',
    '',
    '',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*No such app/s);
  expect(world.log.items).toEqual([]);
});

test('a refused request does not cost the connection; a garbled one does', async () => {
  const world = await startWorld();
  const dyno = await startDyno(answering(...OK));
  world.backends.up(dyno.backend);
  const client = await world.connect();
  await client.send('GET / HTTP/1.1', 'Host: a b', '', '').until('</html>');
  client.take();
  await client.send('GET / HTTP/1.1', 'Host: a', '', '').until('ok');
  client.take();
  // The answer to the request before comes first.
  client.send('GET / HTTP/1.1', 'Host: a', '', 'garbage', '', '', '');
  expect(await client.closedByRouter()).toMatch(/^HTTP\/1\.1 200 .*ok.*HTTP\/1\.1 400 /s);
});

test('a header that frames a body cannot be declared hop-by-hop', async () => {
  const world = await startWorld();
  const dyno = await startDyno(answering(...OK));
  world.backends.up(dyno.backend);
  await world.request(
    'POST / HTTP/1.1',
    'Host: localhost',
    'Connection: close, Content-Length, Host, X-Forwarded-For',
    'Content-Length: 2',
    '',
    'hi',
  );
  const seen = dyno.wires.items[0]?.all;
  expect(seen).toContain('\r\nHost: localhost\r\nContent-Length: 2\r\n');
  expect(seen).toContain('\r\nX-Forwarded-For: 127.0.0.1\r\n');
});
