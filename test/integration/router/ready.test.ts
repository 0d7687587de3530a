import { expect, test } from 'vitest';
import { answering, fields, OK, startDyno, startWorld, untilStill } from './world.js';

/** A router whose apps are not loaded yet. */
async function loading() {
  let load = (): void => {};
  const ready = new Promise<void>((resolve) => {
    load = resolve;
  });
  const world = await startWorld({ ready });
  const { backend, wires } = await startDyno(answering(...OK));
  world.backends.up(backend);
  return { world, wires, load, client: await world.connect() };
}

const GET = 'GET /first HTTP/1.1\r\nHost: a\r\n\r\n';

test('pipelined requests that wait for the apps are served one by one', async () => {
  const { wires, load, client } = await loading();
  client.send(GET.repeat(2));
  await untilStill(() => client.socket.bytesWritten);
  load();
  await client.until(/ok[\s\S]*ok/);
  expect(wires.items).toHaveLength(1);
});

test('a client that leaves before the apps are loaded is an H27, and no dyno gets its request', async () => {
  const { world, wires, load, client } = await loading();
  client.send(GET);
  await untilStill(() => client.socket.bytesWritten);
  client.socket.destroy();
  await untilStill(() => 0);
  load();
  await world.log.count(1);
  expect(fields(world.log.items[0])).toMatchObject({ code: 'H27', status: '499', dyno: '' });
  expect(wires.items).toHaveLength(0);
});

test('what is malformed behind a request that waits for the apps is refused after its answer', async () => {
  const { load, client } = await loading();
  client.send(GET, 'GET no such thing\r\n\r\n');
  await untilStill(() => client.socket.bytesWritten);
  expect(client.text).toBe('');
  load();
  expect(await client.closedByRouter()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*ok[\s\S]*HTTP\/1\.1 400 /);
});
