import { execFile, spawnSync } from 'node:child_process';
import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Dynosim, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

/** As Heroku's Django example: wherever `DYNO` is set, requests without TLS are sent to https. */
const REDIRECTING = {
  Procfile: 'web: node web.js\n',
  'web.js': `
    require('node:http').createServer(({ headers, url }, res) => {
      if (process.env.DYNO && headers['x-forwarded-proto'] !== 'https')
        return res.writeHead(301, { Location: 'https://' + headers.host + url }).end();
      res.end('hello by ' + headers['x-forwarded-proto'] + ' at ' + headers['x-forwarded-port']);
    }).listen(process.env.PORT);`,
};

interface Running {
  readonly app: Dynosim;
  readonly port: number;
  readonly caFile: string;
}

/** Starts an app that is at home in this data folder. */
async function startIn(dataHome: string): Promise<Running> {
  const app = start(makeFolder(REDIRECTING), ['--app', 'my-app'], { env: { XDG_DATA_HOME: dataHome } });
  const { router } = await app.ready();
  return { app, port: Number(new URL(router).port), caFile: join(dataHome, 'dynosim', 'ca.crt') };
}

/** The response of `https://localhost`, and its certificate, trusted or not. */
async function get(port: number): Promise<{ readonly body: string; readonly certificate: X509Certificate }> {
  const socket = connect({ host: 'localhost', servername: 'localhost', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new Error('No certificate');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [, body = ''] = (await text(socket)).split('\r\n\r\n');
  return { body, certificate };
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('https at the port of http', () => {
  test.skipIf(!hasCurl)('is believed by curl, which follows the redirect there', async () => {
    const { app, port, caFile } = await startIn(makeFolder());
    expect((await get(port)).body).toBe(`hello by https at ${port}`);
    const curl = promisify(execFile);
    for (const host of ['localhost', 'my-app.localhost', '127.0.0.1']) {
      const resolved = `my-app.localhost:${port}:127.0.0.1`;
      const url = `http://${host}:${port}/a`;
      const { stdout } = await curl('curl', ['-sSL', '--resolve', resolved, '--cacert', caFile, url]);
      expect(stdout, host).toBe(`hello by https at ${port}`);
    }
    const { stdout, stderr, status } = await app.stop('SIGINT');
    expect(status).toBe(0);
    expect(stdout.match(/The app redirects to https: that is https:\/\/localhost:\d+ here/g)).toHaveLength(1);
    expect(stdout.match(/protocol=http1\.1 tls=true tls_version=tls1\.3/g)).toHaveLength(4);
    expect(stderr).not.toMatch(/certificate|Error/);
  });

  test('shows the same certificate in every dynosim, whichever was the first', async () => {
    const dataHome = makeFolder();
    const both = await Promise.all([startIn(dataHome), startIn(dataHome)]);
    const [a, b] = await Promise.all(both.map(({ port }) => get(port)));
    expect(a?.certificate.issuer).toMatch(/CN=dynosim local CA/);
    expect(a?.certificate.issuer).toBe(b?.certificate.issuer);
    await Promise.all(both.map(({ app }) => app.stop()));
    const again = await Promise.all([startIn(dataHome), startIn(dataHome)]);
    const [c, d] = await Promise.all(again.map(({ port }) => get(port)));
    expect(c?.certificate.fingerprint256).toBe(d?.certificate.fingerprint256);
    expect([a, b].map((answer) => answer?.certificate.fingerprint256)).toContain(
      c?.certificate.fingerprint256,
    );
  });

  test('is missing where its files have no place, with a word why; http is there', async () => {
    const dataHome = makeFolder({ dynosim: 'a file, not a folder' });
    const { app, port } = await startIn(dataHome);
    await expect(get(port)).rejects.toThrow();
    await app.printed(/dynosim cannot keep its certificates in .*ENOTDIR.* connections with TLS are closed/);
    expect((await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' })).status).toBe(301);
  });
});

describe('dynosim trust', () => {
  /** A home with a browser, and programs that only print how they were called. */
  function home(more: Readonly<Record<string, string>> = {}) {
    const dir = makeFolder();
    const calls = join(dir, 'calls');
    const bin = join(dir, 'bin');
    mkdirSync(join(dir, '.pki/nssdb'), { recursive: true });
    writeFileSync(join(dir, '.pki/nssdb/cert9.db'), '');
    writeFileSync(calls, '');
    mkdirSync(bin);
    const fake = (name: string, script = ''): void => {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${calls}'\n${script}`);
      chmodSync(join(bin, name), 0o755);
    };
    for (const name of ['install', 'rm', 'update-ca-certificates', 'update-ca-trust', 'trust', 'security'])
      fake(name);
    const env = { HOME: dir, PATH: bin, XDG_DATA_HOME: join(dir, 'data'), ...more };
    return {
      fake,
      caFile: join(dir, 'data/dynosim/ca.crt'),
      called: () => readFileSync(calls, 'utf8'),
      trust: (...flags: readonly string[]) => run(['trust', ...flags], { env }),
    };
  }

  test('adds the authority to browsers, and removes it again', async () => {
    const { fake, trust, called, caFile } = home();
    fake('certutil');
    const { status, stdout, stderr } = await trust();
    expect(stderr).toMatch(/^Adding it to Chromium, Chrome \(.*nssdb\)\.\.\. done$/m);
    expect(stdout).toContain(`for localhost, *.localhost and the loopback addresses only:\n  ${caFile}\n`);
    expect(status).toBe(0);
    expect(readFileSync(caFile, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(called()).toMatch(
      /^certutil -d sql:.*nssdb -A -t C,, -n dynosim local CA [0-9a-f]{8} -i .*ca\.crt$/m,
    );
    await trust('--undo');
    expect(called()).toMatch(/^certutil -d sql:.*nssdb -D -n dynosim local CA [0-9a-f]{8}$/m);
  });

  test('shows what it cannot do: without the program, or if it is only asked', async () => {
    const { fake, trust, called } = home();
    const without = await trust();
    expect(without.status).toBe(0);
    expect(without.stdout).toMatch(/\n {2}certutil -d '?sql:.* -A .*\n {2}\(needs certutil: .*\)\n/);
    fake('certutil');
    const before = called();
    const { stdout, stderr } = await trust('--dry-run');
    expect(stdout).toMatch(/\n {2}certutil -d /);
    expect(stderr).toBe('');
    expect(called()).toBe(before);
  });

  test('shows the message of a program that fails', async () => {
    const { fake, trust } = home();
    fake('certutil', 'echo "certutil: function failed: the database is in use" >&2; exit 255');
    const { status, stderr } = await trust();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'dynosim: certutil ended with status 255: certutil: function failed: the database is in use\n',
    );
  });

  test.skipIf(process.getuid?.() !== 0)('is for the user, not for root', async () => {
    const { trust, called } = home({ SUDO_USER: 'me' });
    const { status, stderr } = await trust();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^dynosim: Each user has an authority of their own, .* without sudo/);
    expect(called()).toBe('');
  });
});
