import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { openAuthority } from '../../src/tls/authority.js';
import { tokenFile } from '../e2e/commands-world.js';
import { makeFolder } from '../helpers/folder.js';
import { inBash, refused, startHeroku } from './heroku-world.js';

test('dynosim env points the CLI of a shell at the app of the folder', async () => {
  const { dir, ready, visit, pids } = await startHeroku();
  const { stdout, stderr, status } = await inBash('dynosim env', { cwd: dir });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(export \w+=|unset \w+|#)/);
  expect(stdout).toContain(ready.api.replace('http:', 'https:'));
  expect(stdout).toContain(readFileSync(tokenFile(), 'utf8').trim());

  const flow = await inBash(
    'eval "$(dynosim env)"; heroku ps:scale web=2 && heroku config:set GREETING="it works" && heroku config:get GREETING && heroku run -x -- sh -c "exit 9"',
    { cwd: dir },
  );
  expect(flow).toMatchObject({ status: 9, stdout: 'GREETING: it works\nit works\n' });
  expect(Object.keys(await pids()).sort()).toEqual(['web.1', 'web.2', 'worker.1']);
  expect((await visit()).body).toMatch(/^web\.[12] it works$/);
});

test('a program that has the port of a killed dynosim gets no token', async () => {
  const { dir, ready, app, type } = await startHeroku();
  const { stdout: env } = await type('env');
  await app.stop('SIGKILL');
  const { key, certificate: cert } = openAuthority(makeFolder(), Date.now()).leaf(Date.now());
  const seen: string[] = [];
  const see = (bytes: Buffer): void => void seen.push(bytes.toString('latin1'));
  // It takes both TLS and plain HTTP.
  const tls = createTlsServer({ key, cert }, (socket) => socket.once('data', see));
  const impostor = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', (first: Buffer) => {
        see(first);
        socket.pause().unshift(first);
        tls.emit('connection', socket);
      });
  });
  impostor.listen(Number(new URL(ready.api).port), '127.0.0.1');
  await once(impostor, 'listening');
  onTestFinished(() => void impostor.close());
  const { status, stderr } = await inBash(`${env}\nheroku ps`, { cwd: dir });
  expect(seen.join('')).not.toContain(readFileSync(tokenFile(), 'utf8').trim());
  expect(status).toBeGreaterThan(0);
  expect(stderr).toMatch(/certificate/);
  expect(seen).not.toEqual([]);
});

test('an app that does not run is not found', async () => {
  const { dir, heroku } = await startHeroku();
  const [byApi, byName] = await Promise.all([
    inBash('eval "$(dynosim env)"; heroku ps:scale web=2 -a nobody', { cwd: dir }),
    heroku('ps:scale', '-a', 'nobody'),
  ]);
  expect(byApi).toMatchObject(refused('not_found', "Couldn't find that app.", 'Scaling dynos... !\n'));
  expect(byName).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^dynosim: .*nobody.*\n$/),
  });
});

test('dynosim env keeps what the shell had, where it can', async () => {
  const { dir } = await startHeroku();
  const { stdout, status } = await inBash(
    'eval "$(dynosim env)"; eval "$(dynosim env)"; echo "$HOME|$PATH|$XDG_DATA_HOME"; heroku ps:scale',
    { cwd: dir, env: { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' } },
  );
  const [first, second] = stdout.split('\n');
  expect(first).toMatch(`${process.env.HOME}|`);
  expect(second).toBe('web=1:Eco worker=1:Eco');
  expect(status).toBe(0);
});

test('dynosim heroku hands on arguments as they are', async () => {
  const { heroku } = await startHeroku();
  const { status, stdout } = await heroku('run', '--', 'printf', '%s,', '--help', '-a', 'a  b', '$DYNO');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^--help,-a,a {2}b,run\.\d{4},$/);
});
