import { expect, test } from 'vitest';
import { ManualClock } from '../../helpers/manual-clock.js';
import { freePort, receiveHttp, receiveTcp, startDrain, statuses, still, TOKEN } from './drain-world.js';

const FRAME_ID = 'logplex-frame-id';

test('a batch is posted as Heroku posts it', async () => {
  const { port, posts } = await receiveHttp();
  const { write } = startDrain(`http://user:p%40ss@127.0.0.1:${port}/drain/7?key=a%20b&x`);
  write('Grüße', 'two');
  const [post] = await posts.count(1);
  expect(post).toMatchObject({ method: 'POST', url: '/drain/7?key=a%20b&x' });
  expect(post?.headers).toEqual({
    host: `127.0.0.1:${port}`,
    connection: 'keep-alive',
    authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    'content-type': 'application/logplex-1',
    'content-length': String(Buffer.byteLength(post?.body ?? '')),
    'logplex-msg-count': '2',
    'logplex-frame-id': expect.stringMatching(/^[0-9A-F]{32}$/),
    'logplex-drain-token': TOKEN,
    'user-agent': 'Logplex/v49',
  });
  expect(post?.body).toBe(
    '65 <190>1 2024-01-01T00:00:00.000000+00:00 host app web.1 - Grüße\n' +
      '61 <190>1 2024-01-01T00:00:00.000000+00:00 host app web.1 - two\n',
  );
});

test('all batches take one connection', async () => {
  const { port, posts, sockets } = await receiveHttp();
  const { write } = startDrain(`http://127.0.0.1:${port}/`);
  for (let n = 1; n <= 3; n += 1) {
    write(String(n));
    await posts.count(n);
  }
  expect(sockets.size).toBe(1);
});

test.each([[500], [503], [429], [302]])(
  'after a response with %i, the batch is posted again',
  async (status) => {
    const { port, posts } = await receiveHttp({ answer: statuses(status, status) });
    const { write } = startDrain(`http://127.0.0.1:${port}/`);
    write('a line');
    const [first, ...others] = await posts.count(3);
    expect(others.map(({ body, headers }) => [body, headers[FRAME_ID]])).toEqual(
      Array(2).fill([first?.body, first?.headers[FRAME_ID]]),
    );
  },
);

test('after three failures a batch is lost, and the next one reports it', async () => {
  const { port, posts } = await receiveHttp({ answer: statuses(500, 500, 500) });
  const { write } = startDrain(`http://127.0.0.1:${port}/`);
  write('lost');
  await posts.count(3);
  write('not lost');
  const last = (await posts.count(4)).at(-1);
  expect(last?.body).toMatch(
    /^\d+ <172>1 \S+ host heroku logplex - Error L10 .* dropped 1 messages .*\n\d+ .* not lost\n$/,
  );
  expect(last?.headers['logplex-msg-count']).toBe('2');
});

test.each([[400], [401], [404], [413]])(
  'after a response with %i, the batch is not posted again',
  async (status) => {
    const { port, posts } = await receiveHttp({ answer: statuses(status) });
    const { write, said } = startDrain(`http://127.0.0.1:${port}/`);
    write('refused');
    expect(await said(/drain to .* fails/)).toBe(
      `the log drain to 127.0.0.1:${port} fails: it responded with status ${status}`,
    );
    write('next');
    expect((await posts.count(2)).map(({ body }) => /refused|next/.exec(body)?.[0])).toEqual([
      'refused',
      'next',
    ]);
  },
);

test('a connection that breaks costs nothing', async () => {
  const { port, posts } = await receiveHttp({
    answer: (response, index) => void (index === 0 ? response.destroy() : response.end()),
  });
  const { write } = startDrain(`http://127.0.0.1:${port}/`);
  write('a line');
  const [first, second] = await posts.count(2);
  expect(second?.body).toBe(first?.body);
  expect(second?.headers[FRAME_ID]).toBe(first?.headers[FRAME_ID]);
});

test('a receiver that is not there yet gets all when it comes', async () => {
  const port = await freePort();
  const { write, said } = startDrain(`http://127.0.0.1:${port}/`);
  write('one');
  expect(await said(/drain to .* fails/)).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`);
  write('two');
  const { posts } = await receiveHttp({ port });
  const bodies = (await posts.count(2)).map(({ body }) => body);
  expect(bodies).toEqual([expect.stringMatching(/ - one\n$/), expect.stringMatching(/ - two\n$/)]);
});

test('a receiver that does not respond within 5 seconds has failed', async () => {
  const clock = new ManualClock();
  const { port, posts, sockets } = await receiveHttp({ answer: () => {} });
  const { write } = startDrain(`http://127.0.0.1:${port}/`, clock);
  write('a line');
  await clock.advance(0);
  await posts.count(1);
  await clock.advance(4999);
  await still(clock, sockets);
  expect(sockets.size).toBe(1);
  await clock.advance(1);
  await still(clock, sockets);
  await expect.poll(() => sockets.size).toBe(0);
  await clock.advance(10);
  const [first, second] = await posts.count(2);
  expect(second?.headers[FRAME_ID]).toBe(first?.headers[FRAME_ID]);
});

test('a response without an end counts', async () => {
  const clock = new ManualClock();
  const { port, posts, sockets } = await receiveHttp({
    answer: (response) => void response.writeHead(200).write('thank you, and '),
  });
  const { write } = startDrain(`http://127.0.0.1:${port}/`, clock);
  write('one');
  await clock.advance(0);
  await posts.count(1);
  await still(clock, sockets);
  await clock.advance(5000);
  await still(clock, sockets);
  write('two');
  await clock.advance(100);
  expect((await posts.count(2)).map(({ body }) => body.slice(-4, -1))).toEqual(['one', 'two']);
});

test('the end does not wait for a response without an end', async () => {
  const clock = new ManualClock();
  const { port, posts, sockets } = await receiveHttp({
    answer: (response) => void response.writeHead(200).write('thank you, and '),
  });
  const { write, drain } = startDrain(`http://127.0.0.1:${port}/`, clock);
  write('one');
  await clock.advance(0);
  await posts.count(1);
  const closed = drain.close();
  await clock.advance(500);
  await closed;
  await still(clock, sockets);
  await expect.poll(() => sockets.size).toBe(0);
  expect(clock.pending).toBe(0);
});

test('an idle connection is closed after 144 seconds', async () => {
  const clock = new ManualClock();
  const { port, posts, sockets } = await receiveHttp();
  const { write } = startDrain(`http://127.0.0.1:${port}/`, clock);
  write('a line');
  await clock.advance(0);
  await posts.count(1);
  await still(clock, sockets);
  await clock.advance(143_999);
  await still(clock, sockets);
  expect(sockets.size).toBe(1);
  await clock.advance(1);
  await still(clock, sockets);
  await expect.poll(() => sockets.size).toBe(0);
  expect(clock.pending).toBe(0);
});

test('a handshake of more than 3 seconds is a failed connection', async () => {
  const clock = new ManualClock();
  const { port, connections } = await receiveTcp();
  const { write, said } = startDrain(`https://127.0.0.1:${port}/`, clock);
  write('a line');
  await clock.advance(0);
  const [connection] = await connections.count(1);
  await connection?.chunks.count(1);
  await clock.advance(3000);
  expect(await said(/drain to .* fails/)).toContain('no connection within 3 seconds');
});

test('an untrusted certificate is refused, unless the URL accepts any', async () => {
  const { port, posts } = await receiveHttp({ isTls: true });
  const careful = startDrain(`https://127.0.0.1:${port}/`);
  careful.write('secret');
  expect(await careful.said(/drain to .* fails/)).toMatch(
    /: unable to verify the first certificate; "#insecure" at the end of its URL/,
  );
  const careless = startDrain(`https://127.0.0.1:${port}/#insecure`);
  careless.write('anything');
  expect((await posts.count(1)).map(({ body }) => body)).toEqual([expect.stringMatching(/ - anything\n$/)]);
});

test('at the end all is posted, and the connection closed', async () => {
  const { port, posts, sockets } = await receiveHttp();
  // The end of a drain waits half a second at most, which time that stands still does not reach.
  const clock = new ManualClock();
  const { write, drain } = startDrain(`http://127.0.0.1:${port}/`, clock);
  write('x');
  await clock.advance(0);
  await posts.count(1);
  const lines = Array.from({ length: 1000 }, (_, n) => `${n} ${'x'.repeat(1000)}`);
  write(...lines);
  await drain.close();
  const texts = posts.items.flatMap(({ body }) =>
    [...body.matchAll(/ - (\d+) x+$/gm)].map(([, n]) => Number(n)),
  );
  expect(texts).toEqual(lines.map((_, n) => n));
  expect(posts.items.every(({ body }) => Buffer.byteLength(body) <= 102_400)).toBe(true);
  for (const socket of sockets) await new Promise((resolve) => socket.once('close', resolve));
});
