import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../helpers/manual-clock.js';
import { freePort, receiveTcp, startDrain, still, TOKEN } from './drain-world.js';

const frame = (line: string): string => {
  const message = `<190>1 2024-01-01T00:00:00.000000+00:00 ${TOKEN} app web.1 - - ${line}\n`;
  return `${Buffer.byteLength(message)} ${message}`;
};

test('lines are written in the frames of Heroku, over one connection', async () => {
  const { port, received, sockets } = await receiveTcp();
  const { write } = startDrain(`syslog://127.0.0.1:${port}`);
  write('Grüße', '', 'two');
  await received(/two\n/);
  write('three');
  expect(await received(/three\n/)).toBe(['Grüße', '', 'two', 'three'].map(frame).join(''));
  expect(sockets.size).toBe(1);
});

test('with TLS, if the certificate is trusted', async () => {
  const { port, received, connections } = await receiveTcp({ isTls: true });
  const url = `syslog+tls://127.0.0.1:${port}`;
  const careful = startDrain(url);
  careful.write('secret');
  expect(await careful.said(/L14/)).toBe(
    `Error L14 (certificate validation): error="unable to verify the first certificate" uri="${url}"`,
  );
  expect(await careful.said(/drain to .* fails/)).toMatch(
    /"#insecure" at the end of its URL accepts any certificate$/,
  );
  const careless = startDrain(`${url}#insecure`);
  careless.write('anything');
  expect(await received(/anything\n/)).toBe(frame('anything'));
  expect(connections.items.flatMap(({ chunks }) => chunks.items).join('')).not.toContain('secret');
});

test('the password in its URL is not logged', async () => {
  const { port } = await receiveTcp({ isTls: true });
  const { write, said } = startDrain(`syslog+tls://me:secret@127.0.0.1:${port}`);
  write('anything');
  expect(await said(/L14/)).toMatch(new RegExp(`uri="syslog\\+tls://127\\.0\\.0\\.1:${port}"$`));
});

test('a receiver that is not there is tried again after 30 seconds, then 60, and gets all', async () => {
  const clock = new ManualClock();
  const port = await freePort();
  const { write, said } = startDrain(`syslog://127.0.0.1:${port}`, clock);
  write('one');
  await clock.advance(0);
  await said(/fails: connect ECONNREFUSED/);
  await still(clock, new Set());
  await clock.advance(30_000);
  await still(clock, new Set());
  write('two');
  const { received, sockets } = await receiveTcp({ port });
  await clock.advance(59_999);
  await still(clock, sockets);
  expect(sockets.size).toBe(0);
  await clock.advance(1);
  await received(/one\n/);
  await still(clock, sockets);
  await clock.advance(100);
  expect(await received(/two\n/)).toBe(frame('one') + frame('two'));
});

test('a receiver that hangs up at once is not called again for 30 seconds', async () => {
  const clock = new ManualClock();
  const { port, connections, sockets, received } = await receiveTcp();
  const { write } = startDrain(`syslog://127.0.0.1:${port}`, clock);
  write('one');
  await clock.advance(0);
  await received(/one\n/);
  connections.items[0]?.socket.end('not now');
  await still(clock, sockets);
  await expect.poll(() => sockets.size).toBe(0);
  write('two');
  await clock.advance(29_999);
  await still(clock, sockets);
  expect(connections.items.length).toBe(1);
  await clock.advance(1);
  expect(await received(/two\n/)).toBe(frame('one') + frame('two'));
});

test('an idle connection is closed, and opened again when needed', async () => {
  const clock = new ManualClock();
  const { port, sockets, received } = await receiveTcp();
  const { write } = startDrain(`syslog://127.0.0.1:${port}`, clock);
  write('one');
  await clock.advance(0);
  await received(/one\n/);
  await still(clock, sockets);
  await clock.advance(240_000);
  await still(clock, sockets);
  await expect.poll(() => sockets.size).toBe(0);
  expect(clock.pending).toBe(0);
  write('two');
  await clock.advance(0);
  expect(await received(/two\n/)).toBe(frame('one') + frame('two'));
});

test('a receiver that does not read costs only the buffer, and does not delay the end', async () => {
  const clock = new ManualClock();
  const { port, connections, sockets } = await receiveTcp({ isReading: false });
  const { write, drain, said } = startDrain(`syslog://127.0.0.1:${port}`, clock);
  write('a line');
  await clock.advance(0);
  const [connection] = await connections.count(1);
  connection?.socket.pause();
  for (let n = 0; n < 30; n += 1) {
    write(...Array.from({ length: 100 }, () => 'x'.repeat(10_000)));
    await clock.advance(100);
    await still(clock, sockets);
  }
  expect(await said(/L10/)).toMatch(/dropped \d+ messages/);
  const closed = drain.close();
  await clock.advance(500);
  await closed;
  await still(clock, sockets);
  expect(clock.pending).toBe(0);
});

test('at the end all is written before the connection is closed', async () => {
  const { port, connections, received } = await receiveTcp();
  // The end of a drain waits half a second at most, which time that stands still does not reach.
  const clock = new ManualClock();
  const { write, drain } = startDrain(`syslog://127.0.0.1:${port}`, clock);
  write('first');
  await clock.advance(0);
  await received(/first/);
  const lines = Array.from({ length: 1000 }, (_, n) => `${n} ${'x'.repeat(500)}`);
  write(...lines);
  const [connection] = connections.items;
  const ended = connection && once(connection.socket, 'end');
  await Promise.all([drain.close(), ended]);
  expect(await received(/./)).toBe(['first', ...lines].map(frame).join(''));
});
