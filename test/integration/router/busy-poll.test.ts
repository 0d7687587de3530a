import { expect, test } from 'vitest';
import { OK, startDyno, startWorld, untilStill, type Wire, type World } from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: a', '', ''] as const;

/** A router that counts the turns in which it does not sleep. Time stands still: what is not late, comes at once. */
async function startAwake(): Promise<{ readonly world: World; readonly turns: () => Promise<number> }> {
  let turns = 0;
  const nextTurn = (task: () => void): void => {
    turns += 1;
    setImmediate(task);
  };
  const world = await startWorld({ busyPoll: { processors: 2, nextTurn } });
  return {
    world,
    turns: async () => {
      await untilStill(() => turns);
      const passed = turns;
      turns = 0;
      return passed;
    },
  };
}

async function ask(client: Wire): Promise<void> {
  client.take();
  await client.send(...GET).until(/ok$|<\/html>\n$/);
}

/** A dyno that answers after so many ms each. */
async function startDynoThatTakes(world: World, ms: readonly number[]): Promise<void> {
  const left = [...ms];
  const dyno = await startDyno(async (wire) => {
    for (;;) {
      const request = await wire.request();
      await world.clock.advance(left.shift() ?? 0);
      if (request.includes('Upgrade: x'))
        wire.send('HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade', '', '');
      else if (request.startsWith('GET /crash')) wire.socket.destroy();
      else wire.send(...OK);
    }
  });
  world.backends.up(dyno.backend);
}

test('answers are waited for awake while they come at once', async () => {
  const { world, turns } = await startAwake();
  await startDynoThatTakes(world, [0, 0, 1, 0]);
  const client = await world.connect();
  const awake: boolean[] = [];
  for (let i = 0; i < 5; i += 1) {
    await ask(client);
    awake.push((await turns()) > 0);
    // The client takes its time: nobody waits for the next request.
    await world.clock.advance(1);
  }
  expect(awake).toEqual([false, true, true, false, true]);
});

test('requests are waited for awake while they come at once', async () => {
  const { world, turns } = await startAwake();
  await startDynoThatTakes(world, [1, 1, 1, 1]);
  const client = await world.connect();
  const awake: boolean[] = [];
  for (const pause of [0, 0, 1, 0]) {
    await ask(client);
    awake.push((await turns()) > 0);
    await world.clock.advance(pause);
  }
  expect(awake).toEqual([false, true, true, false]);
});

test('neither an answer that never comes nor an open WebSocket ends that for good', async () => {
  const { world, turns } = await startAwake();
  await startDynoThatTakes(world, []);
  await world.request('POST /crash HTTP/1.1', 'Host: a', 'Content-Length: 0', 'Connection: close', '', '');
  const socket = await world.connect();
  await socket.send('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: x', '', '').until('101');
  const client = await world.connect();
  await ask(client);
  await turns();
  await world.clock.advance(1);
  await ask(client);
  expect(await turns()).toBeGreaterThan(0);
});
