import { METHODS } from 'node:http';
import { describe, expect, test } from 'vitest';
import { answering, fields, OK, startDyno, startWorld, WALL } from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: localhost', 'Connection: close', '', ''] as const;

describe('headers', () => {
  test('reach the dyno with their names, case, order and duplicates, and with what Heroku adds', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    await world.request(
      'GET /a%20b?q=1 HTTP/1.1',
      'X-First: 1',
      'hOST: localhost:5006',
      'x-dup: a',
      'X-Dup: b',
      'Cookie: \xe9=1',
      'Connection: close, X-Mine',
      'X-Mine: gone',
      'Keep-Alive: 5',
      'TE: trailers',
      'Proxy-Authorization: secret',
      'X-Forwarded-For: 203.0.113.9',
      'x-forwarded-for: 203.0.113.10',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Port: 443',
      'X-Request-Start: 1',
      'X-Request-Id: a-client-made-this-one-up',
      'Via: 1.0 fred',
      'X-Last: 1',
      '',
      '',
    );
    expect(dyno.wires.items[0]?.all.split('\r\n')).toEqual([
      'GET /a%20b?q=1 HTTP/1.1',
      'X-First: 1',
      'hOST: localhost:5006',
      'x-dup: a',
      'X-Dup: b',
      'Cookie: \xe9=1',
      'X-Last: 1',
      'X-Request-Id: a-client-made-this-one-up',
      'X-Forwarded-For: 203.0.113.9, 203.0.113.10, 127.0.0.1',
      'X-Forwarded-Proto: http',
      `X-Forwarded-Port: ${world.router.port}`,
      'Via: 1.0 fred, 1.1 heroku-router',
      `X-Request-Start: ${WALL}`,
      'Connection: keep-alive',
      '',
      '',
    ]);
  });

  test('reach the client with their names, case, order and duplicates', async () => {
    const world = await startWorld();
    const dyno = await startDyno(
      answering(
        'HTTP/1.1 299 Fine, thanks',
        'X-a: 1',
        'x-A: 2',
        'Connection: keep-alive, X-Hop',
        'X-Hop: gone',
        'Keep-Alive: timeout=5',
        'Set-Cookie: a=1',
        'set-cookie: b=\xe9',
        'Content-Length: 2',
        'Via: 1.1 app',
        'Server: mine',
        '',
        'ok',
      ),
    );
    world.backends.up(dyno.backend);
    expect((await world.request(...GET)).split('\r\n')).toEqual([
      'HTTP/1.1 299 Fine, thanks',
      'X-a: 1',
      'x-A: 2',
      'Set-Cookie: a=1',
      'set-cookie: b=\xe9',
      'Content-Length: 2',
      'Server: mine',
      'Via: 1.1 app, 1.1 heroku-router',
      'Connection: close',
      '',
      'ok',
    ]);
  });

  test('a file name that is not ASCII is not recoded', async () => {
    const world = await startWorld();
    const disposition = 'Content-Disposition: attachment; filename="\xc3\xa9t\xc3\xa9.txt"';
    const dyno = await startDyno(answering('HTTP/1.1 200 OK', 'Content-Length: 2', disposition, '', 'ok'));
    world.backends.up(dyno.backend);
    expect(await world.request(...GET)).toContain(disposition);
  });

  test('a head without body yet is passed on at once', async () => {
    const world = await startWorld();
    const dyno = await startDyno(
      answering('HTTP/1.1 200 OK', 'Content-Type: text/event-stream', 'X: \xe9', '', ''),
    );
    world.backends.up(dyno.backend);
    const client = await world.connect();
    expect(await client.send(...GET).until('\r\n\r\n')).toContain('X: \xe9\r\n');
    const [wire] = await dyno.wires.count(1);
    wire?.socket.end('data: 1\n\n');
    expect(await client.ended()).toContain('data: 1\n\n');
  });
});

describe('bodies', () => {
  test.each([
    ['Content-Length: 5', 'hello'],
    ['Transfer-Encoding: chunked', '2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Trailer: t\r\n\r\n'],
  ])('of a request with %s arrive, with trailers', async (framing, body) => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.until(/hello$|0\r\n(.*\r\n)?\r\n$/);
      wire.send(...OK);
    });
    world.backends.up(dyno.backend);
    await world.request('POST / HTTP/1.1', 'Host: a', 'Connection: close', framing, '', body);
    const [head, sent] = dyno.wires.items[0]?.all.split(/\r\n\r\n(.*)/s) ?? [];
    expect(head).toContain(framing);
    expect(sent).toBe(body === 'hello' ? 'hello' : '2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: t\r\n\r\n');
  });

  test('of a response in chunks arrive, with trailers', async () => {
    const world = await startWorld();
    const dyno = await startDyno(
      answering(
        'HTTP/1.1 200 OK',
        'Transfer-Encoding: chunked',
        'Trailer: X-T',
        '',
        '5',
        'hello',
        '0',
        'X-T: 1',
        '',
        '',
      ),
    );
    world.backends.up(dyno.backend);
    const answer = await world.request(...GET);
    expect(answer).toContain('Transfer-Encoding: chunked\r\nTrailer: X-T\r\n');
    expect(answer).toMatch(/\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n$/);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ status: '200', bytes: '5' });
  });

  test('of a response that ends with the connection is sent in chunks', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 200 OK', '', 'to the end').socket.end();
    });
    world.backends.up(dyno.backend);
    expect(await world.request(...GET)).toMatch(
      /Transfer-Encoding: chunked\r\n\r\na\r\nto the end\r\n0\r\n\r\n$/,
    );
  });

  test.each([
    ['HEAD', 'HTTP/1.1 200 OK'],
    ['GET', 'HTTP/1.1 304 Not Modified'],
    ['GET', 'HTTP/1.1 204 No Content'],
  ])('do not exist for %s and %s, but their length is passed on', async (method, statusLine) => {
    const world = await startWorld();
    const dyno = await startDyno(answering(statusLine, 'Content-Length: 10', '', ''));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send(`${method} /1 HTTP/1.1`, 'Host: a', '', '');
    const first = await client.until('\r\n\r\n');
    expect(first).toContain(`${statusLine}\r\nContent-Length: 10\r\n`);
    expect(first).toMatch(/keep-alive\r\n\r\n$/);
    client.send(`${method} /2 HTTP/1.1`, 'Host: a', '', '');
    await world.log.count(2);
    expect(dyno.wires.items).toHaveLength(1);
    expect(fields(world.log.items[1])).toMatchObject({ bytes: '0', path: '/2' });
  });

  test('large ones pass unchanged both ways', async () => {
    const world = await startWorld();
    const body = 'x'.repeat(3_000_000);
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, '', body);
    });
    world.backends.up(dyno.backend);
    const answer = await world.request(
      'POST / HTTP/1.1',
      'Host: a',
      'Connection: close',
      `Content-Length: ${body.length}`,
      '',
      body,
    );
    expect(answer.split('\r\n\r\n')[1]?.length).toBe(body.length);
    expect(dyno.wires.items[0]?.all.split('\r\n\r\n')[1] === body).toBe(true);
  });
});

describe('informational responses', () => {
  test('103 is passed on, 100 is not, and neither to an HTTP/1.0 client', async () => {
    const world = await startWorld();
    const early = ['HTTP/1.1 103 Early Hints', 'Link: </a.css>; rel=preload', '', ''].join('\r\n');
    const dyno = await startDyno(answering(`HTTP/1.1 100 Continue\r\n\r\n${early}${OK.join('\r\n')}`));
    world.backends.up(dyno.backend);
    const answer = await world.request(...GET);
    expect(answer.startsWith(`${early}HTTP/1.1 200 OK\r\n`)).toBe(true);
    const old = await world.request('GET / HTTP/1.0', 'Host: a', '', '');
    expect(old.startsWith('HTTP/1.1 200 OK\r\n')).toBe(true);
  });

  test('Expect: 100-continue is answered by the router and taken out', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.until('hello');
      wire.send(...OK);
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send('POST / HTTP/1.1', 'Host: a', 'Expect: 100-Continue', 'Content-Length: 5', '', '');
    expect(await client.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('hello');
    expect(await client.until('ok')).toContain('HTTP/1.1 200 OK');
    expect(dyno.wires.items[0]?.all).not.toMatch(/expect/i);
  });

  test('no dyno, no 100 Continue', async () => {
    const world = await startWorld();
    const answer = await world.request(
      'POST / HTTP/1.1',
      'Host: a',
      'Expect: 100-continue',
      'Content-Length: 5',
      '',
      '',
    );
    expect(answer.startsWith('HTTP/1.1 503 ')).toBe(true);
    expect(answer).toContain('\r\nConnection: close\r\n');
  });
});

test('every method that Node knows reaches the dyno, but CONNECT', async () => {
  const world = await startWorld();
  const dyno = await startDyno(answering(...OK));
  world.backends.up(dyno.backend);
  const methods = METHODS.filter((method) => method !== 'CONNECT');
  for (const method of methods)
    expect(await world.request(`${method} / HTTP/1.1`, ...GET.slice(1))).toMatch(/^HTTP\/1\.1 200 /);
  const seen = dyno.wires.items.flatMap(({ all }) =>
    [...all.matchAll(/^(\S+) \/ HTTP/gm)].map(([, method]) => method),
  );
  expect(seen.sort()).toEqual([...methods].sort());
});

describe('clients', () => {
  test('HTTP/1.0: a length keeps the connection open if asked for, chunks are joined and end it', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...OK);
      await wire.request();
      wire.send('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'ab', '2', 'cd', '0', '', '');
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send('GET /1 HTTP/1.0', 'Host: a', 'Connection: Keep-Alive', '', '');
    expect(await client.until('ok')).toMatch(/Connection: keep-alive\r\n\r\nok$/);
    client.take();
    client.send('GET /2 HTTP/1.0', 'Host: a', 'Connection: Keep-Alive', '', '');
    const second = await client.ended();
    expect(second).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n\r\nabcd$/s);
    expect(second).not.toMatch(/chunked/i);
  });

  test('an answer to an unfinished upload arrives whole and closes the connection', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.until('\r\n\r\n');
      wire.send('HTTP/1.1 413 Too Large', 'Content-Length: 3', '', 'no!');
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 50000000', '', 'x'.repeat(100_000));
    const answer = await client.until('no!');
    expect(answer).toContain('\r\nConnection: close\r\n');
    // Still sending does not reset the connection before the client has seen that it ends.
    client.send('x'.repeat(100_000));
    await client.ended();
    expect(client.text).toBe(answer);
    client.socket.end();
    await client.closed();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '413', bytes: '3' });
    await dyno.wires.items[0]?.ended();
  });

  test('an answer to an unfinished upload arrives even if the dyno then closes the connection', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.until('\r\n\r\n');
      wire.send('HTTP/1.1 413 Too Large', 'Content-Length: 3', '', 'no!').socket.destroy();
    });
    world.backends.up(dyno.backend);
    for (let i = 0; i < 20; i += 1) {
      const client = await world.connect();
      client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 50000000', '', 'x'.repeat(2_000_000));
      expect(await client.until(/no!$|<\/html>/)).toMatch(/^HTTP\/1\.1 413 /);
      client.socket.destroy();
    }
  });

  test('a client that keeps uploading after the response is cut off', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.until('\r\n\r\n');
      wire.send('HTTP/1.1 413 Too Large', 'Content-Length: 0', '', '');
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 50000000', '', 'x');
    await client.ended();
    await world.clock.advance(5000);
    // The first write finds no receiver, the second one fails.
    await client.send('x').send('x').closed();
  });

  test('a connection without requests is closed after 60 s', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    for (let i = 0; i < 2; i += 1) {
      client.take();
      await client.send('GET / HTTP/1.1', 'Host: a', '', '').until('ok');
      await world.log.count(i + 1);
      await world.clock.advance(59_999);
    }
    expect(client.isEnded).toBe(false);
    await world.clock.advance(1);
    await client.ended();
  });

  test('one whose request is being answered is not', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const client = await world.connect();
    client.send('GET / HTTP/1.1', 'Host: a', '', '');
    while (world.backends.listeners < 2) await new Promise((resolve) => setImmediate(resolve));
    await world.clock.advance(70_000);
    world.backends.up((await startDyno(answering(...OK))).backend);
    await client.until('ok');
  });

  test('a client that half-closes is taken to have left', async () => {
    const world = await startWorld();
    const dyno = await startDyno(() => {});
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send('GET / HTTP/1.1', 'Host: a', '', '');
    const [wire] = await dyno.wires.count(1);
    await wire?.request();
    client.socket.end();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H27', dyno: 'web.1' });
    await wire?.ended();
  });

  test('also if the answer comes a moment later: nothing of it is sent any more', async () => {
    const world = await startWorld();
    const dyno = await startDyno(() => {});
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send('GET / HTTP/1.1', 'Host: a', '', '');
    const [wire] = await dyno.wires.count(1);
    await wire?.request();
    client.socket.end();
    // By now the FIN is on its way: the router finds both in one turn of its event loop.
    setImmediate(() => wire?.send(...OK));
    expect(await client.closed()).toBe('');
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ sock: 'client', code: 'H27', status: '499' });
  });
});

describe('targets', () => {
  test.each([
    ['GET /a//b/../c?x#y HTTP/1.1', 'GET /a//b/../c?x#y HTTP/1.1'],
    ['OPTIONS * HTTP/1.1', 'OPTIONS * HTTP/1.1'],
    ['GET http://LOCALHOST/a?b HTTP/1.1', 'GET /a?b HTTP/1.1'],
    ['GET http://localhost?b HTTP/1.1', 'GET /?b HTTP/1.1'],
    ['PROPFIND / HTTP/1.1', 'PROPFIND / HTTP/1.1'],
  ])('%s', async (sent, arrives) => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    await world.request(sent, 'Host: localhost', 'Connection: close', '', '');
    expect(dyno.wires.items[0]?.all.split('\r\n')[0]).toBe(arrives);
  });

  test('an absolute one decides the host, whatever the Host header contains', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const other = 'GET http://other.localhost:5006/a HTTP/1.1';
    await world.request(other, 'X: 1', 'Host: a', 'Connection: close', '', '');
    expect(dyno.wires.items[0]?.all).toMatch(
      /^GET \/a HTTP\/1\.1\r\nHost: other\.localhost:5006\r\nX: 1\r\n/,
    );
    expect(dyno.wires.items[0]?.all.match(/^host:/gim)).toHaveLength(1);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ host: 'other.localhost:5006', path: '/a' });
    const unknown = await world.request('GET http://unknown.localhost/ HTTP/1.0', 'Host: a', '', '');
    expect(unknown).toMatch(/^HTTP\/1\.1 404 /);
  });
});
