import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectRaw } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { errorCode, errorMessage } from '../../../src/base/errors.js';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import { openAuthority } from '../../../src/tls/authority.js';
import { makeKey, makeLeafCertificate } from '../../../src/tls/certificate.js';
import { NOW, shaken, startTlsWorld } from './tls-world.js';
import { answering, fields, listening, OK, startDyno, startWorld, type Wire, type World } from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: localhost:5006', '', ''] as const;

/** Why a client that trusts the authority does not trust the server; undefined if it does. */
async function doubt(options: ConnectionOptions): Promise<string | undefined> {
  try {
    (await shaken(options)).destroy();
    return undefined;
  } catch (error) {
    return errorCode(error) === 'UNSPECIFIED' ? errorMessage(error) : errorCode(error);
  }
}

/** Addresses have no server name (SNI). Not `tls.checkServerIdentity`, which does not support IPv6 in Node 22.23. */
function asIf(address: string): ConnectionOptions {
  const isFor = (raw: Buffer): boolean => new X509Certificate(raw).checkIP(address) !== undefined;
  const wrong = Object.assign(new Error(), { code: 'WRONG_ADDRESS' });
  return { servername: '', checkServerIdentity: (_, { raw }) => (isFor(raw) ? undefined : wrong) };
}

describe('the certificate', () => {
  test('is valid for localhost, names below it and the loopback addresses, if the authority is trusted', async () => {
    const { router, folder, secure } = await startTlsWorld();
    await secure();
    const ca = readFileSync(join(folder, 'ca.crt'));
    const doubts = (options: ConnectionOptions): Promise<string | undefined> =>
      doubt({ port: router.port, ca, ...options });
    expect(await doubts({})).toBeUndefined();
    expect(await doubts({ servername: 'foo.localhost' })).toBeUndefined();
    expect(await doubts({ servername: 'A.b.LOCALHOST' })).toBeUndefined();
    expect(await doubts(asIf('127.0.0.1'))).toBeUndefined();
    expect(await doubts(asIf('::1'))).toBeUndefined();
    expect(await doubts({ servername: 'example.com' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await doubts(asIf('10.0.0.1'))).toBe('WRONG_ADDRESS');
    expect(await doubt({ port: router.port })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  test('of another name is not believed, even if the authority has signed it', async () => {
    const { folder } = await startTlsWorld();
    const ca = openAuthority(folder, NOW).certificate.toString();
    const authorityKey = createPrivateKey(readFileSync(join(folder, 'ca-key.pem')));
    const key = makeKey();
    const cert = makeLeafCertificate(authorityKey, key, ['example.com'], NOW);
    const server = createServer({ key: key.export({ type: 'pkcs8', format: 'pem' }), cert });
    onTestFinished(() => void server.close());
    const port = await listening(server);
    expect(await doubt({ port, ca, servername: 'example.com' })).toBe('permitted subtree violation');
  });

  test('is made with the first TLS connection, and used again by the next router', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    await (await world.connect()).send(...GET).until('ok');
    expect(readdirSync(join(world.folder, '..'))).toEqual([]);
    const first = certificateOf(await world.secure());
    const { folder } = world;
    const next = await startTlsWorld({ tls: { folder, onProblem: () => {} } });
    expect(certificateOf(await next.secure()).raw).toEqual(first.raw);
  });
});

function certificateOf({ socket }: Wire): X509Certificate {
  const certificate = 'getPeerX509Certificate' in socket && (socket as TLSSocket).getPeerX509Certificate();
  if (!certificate) throw new Error('No certificate');
  return certificate;
}

describe('a request by TLS', () => {
  test.each([
    ['TLSv1.3', 'tls1.3'],
    ['TLSv1.2', 'tls1.2'],
  ] as const)('%s tells the dyno and the log', async (maxVersion, logged) => {
    const world = await startTlsWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const client = await world.secure({ maxVersion, ALPNProtocols: ['h2', 'http/1.1'] });
    expect((client.socket as TLSSocket).alpnProtocol).toBe('http/1.1');
    expect(await client.send(...GET).until('ok')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    const asked = dyno.wires.items[0]?.all;
    expect(asked).toContain(`\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: ${world.router.port}\r\n`);
    expect(asked).toContain('\r\nX-Forwarded-For: 127.0.0.1\r\n');
    await world.log.count(1);
    expect(world.log.items[0]).toMatch(
      new RegExp(` status=200 bytes=2 protocol=http1.1 tls=true tls_version=${logged}$`),
    );
    expect(fields(world.log.items[0])).toMatchObject({ fwd: '127.0.0.1', dyno: 'web.1' });
  });

  test('and one without TLS share a port at the same time', async () => {
    const world = await startTlsWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const [plain, secure] = await Promise.all([world.connect(), world.secure()]);
    await Promise.all([plain.send(...GET).until('ok'), secure.send(...GET).until('ok')]);
    await world.log.count(2);
    expect(world.log.items.map((line) => fields(line).tls).sort()).toEqual(['false', 'true']);
    const protocols = dyno.wires.items.map(({ all }) =>
      [...all.matchAll(/X-Forwarded-Proto: (\S+)/g)].map(([, p]) => p),
    );
    expect(protocols.flat().sort()).toEqual(['http', 'https']);
  });

  test('may be one of several at once on a connection, and of many in turn', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const client = await world.secure();
    client.send(...GET, ...GET, ...GET);
    await client.until(/ok.*ok.*ok/s);
    client.take();
    await client.send(...GET).until('ok');
    expect((await world.log.count(4)).every((line) => line.includes('tls=true'))).toBe(true);
  });

  test('carries a body each way, to a client that reads late', async () => {
    const size = 2 * 1024 * 1024;
    const world = await startTlsWorld();
    const { backend } = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 200 OK', `Content-Length: ${size}`, '', 'y'.repeat(size));
    });
    world.backends.up(backend);
    const client = await world.secure();
    client.send('POST / HTTP/1.1', 'Host: a', `Content-Length: ${size}`, '', 'x'.repeat(size));
    client.socket.pause();
    await once(client.socket, 'drain');
    client.socket.resume();
    await client.bytes(size);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ status: '200', bytes: String(size) });
  });

  test('becomes a WebSocket', async () => {
    const world = await startTlsWorld();
    const { backend, wires } = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'Connection: Upgrade', '', '');
    });
    world.backends.up(backend);
    const client = await world.secure();
    client.send('GET /chat HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', '', 'early');
    await client.until(/^HTTP\/1\.1 101 .*\r\n\r\n$/s);
    const [dyno] = await wires.count(1);
    await dyno?.until('early');
    client.send('ping');
    await dyno?.until('earlyping');
    dyno?.send('pong');
    await client.until(/pong$/);
    dyno?.send('bye').socket.end();
    await client.until(/pongbye$/);
    client.socket.end();
    await client.closed();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      path: '/chat',
      status: '101',
      bytes: '7',
      tls_version: 'tls1.3',
    });
  });

  test('that a client breaks off is an H27', async () => {
    const world = await startTlsWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const client = await world.secure();
    client.send(...GET);
    await (await wires.count(1))[0]?.request();
    client.socket.destroy();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H27', tls: 'true' });
  });

  test('idles no longer than one without', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const client = await world.secure();
    await client.send(...GET).until('ok');
    await world.log.count(1);
    await world.clock.advance(REAL_TIMEOUTS.clientKeepAlive);
    await client.closedByRouter();
  });
});

describe('a first byte', () => {
  test('that comes alone, as all the others, is enough', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const client = await world.secure({ socket: await dripping(world) });
    await client.send(...GET).until('ok');
  });

  test.each([
    ['an alert', Buffer.of(0x15, 3, 1, 0, 2, 1, 0)],
    ['SSL 2', Buffer.of(0x80, 0x2e, 1, 3, 1)],
    ['zeros', Buffer.alloc(16)],
  ])('that is neither a handshake nor HTTP is a 400: %s', async (_, bytes) => {
    const world = await startTlsWorld();
    const client = await world.connect();
    client.socket.write(bytes);
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 Bad request/);
    expect(world.log.items).toEqual([]);
  });

  test('counts only in the beginning, and only once', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    for (const client of [await world.connect(), await world.secure()]) {
      await client.send(...GET).until('ok');
      client.take();
      client.socket.write(Buffer.of(0x16, 3, 1));
      expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 Bad request/);
    }
    const inside = await world.secure();
    inside.socket.write(Buffer.of(0x16, 3, 1));
    expect(await inside.ended()).toMatch(/^HTTP\/1\.1 400 Bad request/);
  });

  test('of TLS is a 400 without a folder for the authority', async () => {
    const world = await startWorld();
    const client = await world.connect();
    client.socket.write(Buffer.of(0x16, 3, 1, 0, 1));
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 Bad request/);
  });
});

/** A connection to the router on which every byte comes alone. */
async function dripping({ router }: World) {
  const { createServer: createRelay } = await import('node:net');
  const relay = createRelay((near) => {
    const far = connectRaw({ host: '127.0.0.1', port: router.port, noDelay: true });
    far.pipe(near).on('close', () => far.destroy());
    near.on('data', async (chunk) => {
      near.pause();
      for (const byte of chunk) await new Promise((resolve) => far.write(Buffer.of(byte), resolve));
      near.resume();
    });
    relay.close();
  });
  const socket = connectRaw({ host: '127.0.0.1', port: await listening(relay) });
  await once(socket, 'connect');
  return socket;
}

describe('what goes wrong', () => {
  test('in a handshake closes the connection silently', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const garbage = await world.connect();
    garbage.socket.write(Buffer.concat([Buffer.of(0x16, 3, 1, 0, 200), Buffer.alloc(200, 0xee)]));
    await garbage.closedByRouter();
    expect(
      await doubt({
        port: world.router.port,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
        ciphers: 'ALL@SECLEVEL=0',
      }),
    ).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    expect(await doubt({ port: world.router.port, ALPNProtocols: ['h2'] })).toMatch(
      /NO_APPLICATION_PROTOCOL/,
    );
    await (await world.secure()).send(...GET).until('ok');
    await world.log.count(1);
    expect(world.log.items).toHaveLength(1);
    expect(world.problems.items).toEqual([]);
  });

  test('is a client that never ends its handshake: it is cut off', async () => {
    const world = await startTlsWorld({ timeouts: { ...REAL_TIMEOUTS, clientKeepAlive: 50 } });
    const client = await world.connect();
    client.socket.write(Buffer.of(0x16, 3, 1, 0, 200, 1));
    await client.closedByRouter();
  });

  test('with the folder is logged once; HTTP keeps working', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    writeFileSync(world.folder, '');
    for (let i = 0; i < 2; i++) expect(await doubt({ port: world.router.port })).toBe('ECONNRESET');
    expect(world.problems.items).toEqual([
      expect.stringMatching(
        /^dynosim cannot keep its certificates in .*: E\w+: .*\. Set XDG_DATA_HOME .*\. Until then, connections with TLS are closed\.$/,
      ),
    ]);
    await (await world.connect()).send(...GET).until('ok');
    rmSync(world.folder);
    await (await world.secure()).send(...GET).until('ok');
  });
});

describe('closing the router', () => {
  test('closes connections in the middle of a handshake', async () => {
    const world = await startTlsWorld();
    await world.secure();
    const client = await world.connect();
    client.socket.write(Buffer.of(0x16, 3, 1, 0, 200, 1));
    const idle = await world.secure();
    await world.router.close();
    await Promise.all([client.closedByRouter(), idle.closedByRouter()]);
  });

  test('lets a request by TLS finish', async () => {
    const world = await startTlsWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const client = await world.secure();
    client.send(...GET);
    const [dyno] = await wires.count(1);
    await dyno?.request();
    const closing = world.router.close(new Promise(() => {}));
    dyno?.send(...OK);
    expect(await client.ended()).toMatch(/Connection: close\r\n\r\nok$/);
    await closing;
  });
});

describe('a redirect to https on the same host', () => {
  const redirect = (location: string, status = '301 Moved'): readonly string[] => [
    `HTTP/1.1 ${status}`,
    `Location: ${location}`,
    'Content-Length: 0',
    '',
    '',
  ];
  const remarks = ({ entries }: World): readonly string[] =>
    entries.filter(({ source }) => source === 'dynosim').map(({ line }) => line);

  test('is hinted at once, with the URL that works', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...redirect('https://localhost/a')))).backend);
    const client = await world.connect();
    for (let n = 0; n < 2; n++) {
      await client.send(...GET).until('\r\n\r\n');
      client.take();
    }
    await world.log.count(3);
    expect(remarks(world)).toEqual([
      `The app redirects to https: that is https://localhost:${world.router.port} here. "dynosim trust" makes browsers accept it`,
    ]);
    expect(world.entries.map(({ source }) => source)).toEqual(['heroku', 'dynosim', 'heroku']);
  });

  test('from there is logged as a loop, once', async () => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...redirect('https://localhost/')))).backend);
    const client = await world.secure();
    for (let n = 0; n < 2; n++) {
      await client.send(...GET).until('\r\n\r\n');
      client.take();
    }
    await world.log.count(3);
    expect(remarks(world)).toEqual([
      expect.stringMatching(
        /^The app redirects https requests to https in an endless loop: .* X-Forwarded-Proto/,
      ),
    ]);
  });

  test.each([
    ['to another page by TLS', 'https://localhost/a', '301 Moved', true],
    ['of a page that was made', 'https://localhost/a', '201 Created', false],
    ['to another host', 'https://example.com/', '302 Found', false],
    ['within the app', '/login', '302 Found', false],
  ])('is not one %s', async (_, location, status, isSecure) => {
    const world = await startTlsWorld();
    world.backends.up((await startDyno(answering(...redirect(location, status)))).backend);
    const client = isSecure ? await world.secure() : await world.connect();
    await client.send(...GET).until('Content-Length: 0');
    await world.log.count(1);
    expect(remarks(world)).toEqual([]);
  });
});
