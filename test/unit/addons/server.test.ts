import { expect, test } from 'vitest';
import type { AddonRecord } from '../../../src/addons/records.js';
import { AddonServer } from '../../../src/addons/server.js';
import { UserError } from '../../../src/base/errors.js';
import { FakeDriver } from '../../helpers/fake-addons.js';
import { FakeContainment } from '../../helpers/fake-containment.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';

const ADDON: AddonRecord = {
  id: 'addon-id',
  name: 'db-1',
  service: 'heroku-postgresql',
  plan: 'essential-0',
  app: 'demo-id',
  state: 'provisioned',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  port: null,
  settings: {},
};

function startServer({ port, driver = new FakeDriver() }: { port?: number; driver?: FakeDriver } = {}) {
  const clock = new ManualClock();
  const containment = new FakeContainment();
  const lines: string[] = [];
  const ports: number[] = [];
  let lastPort = 25_000;
  let addon = { ...ADDON, port: port ?? null };
  const server = new AddonServer({
    driver,
    world: {
      clock,
      containment,
      ports: { take: async () => ++lastPort },
      onBug: (error) => {
        throw error;
      },
    },
    place: () => ({ addon, folder: '/data' }),
    onPort: async (at) => {
      addon = { ...addon, port: at };
      ports.push(at);
    },
    onLine: ({ log, remark }) => lines.push(log ?? `! ${remark}`),
  });
  const started = server.start();
  /** What the newest process prints. */
  const print = async (text: string): Promise<void> => {
    containment.of('db-1').output.write(`${text}\n`);
    await settle();
  };
  const end = async (status: number): Promise<void> => {
    containment.of('db-1').exit(status);
    await settle();
  };
  return { server, started, clock, containment, driver, lines, ports, print, end };
}

const commands = ({ trees }: FakeContainment) => trees.map(({ spec }) => spec.command.join(' '));

test('a server is ready when it says so and is prepared; its first port is reported', async () => {
  const { started, containment, driver, ports, lines, print } = startServer();
  await settle();
  await print('hello');
  await print('ready');
  expect(await started).toBe(true);
  expect(commands(containment)).toEqual(['server 25001']);
  expect(containment.of('db-1').spec.isServer).toBe(true);
  expect(driver.asked).toEqual(['prepare essential-0']);
  expect(ports).toEqual([25_001]);
  expect(lines).toEqual(['hello']);
});

test('a port that is taken gives way to another one, without a pause', async () => {
  const { started, containment, ports, lines, print, end } = startServer({ port: 20_000 });
  await settle();
  await print('port taken');
  await end(1);
  await print('ready');
  expect(await started).toBe(true);
  expect(commands(containment)).toEqual(['server 20000', 'server 25001']);
  expect(ports).toEqual([25_001]);
  expect(lines).toEqual([]);
});

test('a server that finds no port at all is not tried again at once', async () => {
  const { containment, lines, print, end, clock } = startServer();
  await settle();
  for (let time = 0; time < 3; time++) {
    await print('port taken');
    await end(1);
  }
  expect(commands(containment)).toEqual(['server 25001', 'server 25002']);
  expect(lines.at(-1)).toBe('! db-1 ended with status 1 (port taken); it is started again in 1s');
  await clock.advance(1000);
  expect(commands(containment)).toHaveLength(3);
});

test('a server that ends by itself is started again, at longer and longer intervals', async () => {
  const { server, started, containment, lines, print, end, clock } = startServer({ port: 20_000 });
  await settle();
  await print('ready');
  await started;
  await print('FATAL: no space');
  await end(3);
  expect(lines).toEqual([
    'FATAL: no space',
    '! db-1 ended with status 3 (FATAL: no space); it is started again now',
  ]);
  for (const [seconds, when] of [
    [1, 'in 1s'],
    [5, 'in 5s'],
    [15, 'in 15s'],
    [60, 'every 1m'],
    [60, 'every 1m'],
  ] as const) {
    await end(3);
    expect(lines.at(-1)).toBe(`! db-1 ended with status 3; it is started again ${when}`);
    const before = containment.trees.length;
    await clock.advance(seconds * 1000 - 1);
    expect(containment.trees).toHaveLength(before);
    await clock.advance(1);
    expect(containment.trees).toHaveLength(before + 1);
  }
  // No line is there twice.
  expect(lines).toHaveLength(6);
  // A minute later its next end is the first again.
  await print('ready');
  await clock.advance(61_000);
  await end(1);
  expect(lines.at(-1)).toContain('it is started again now');
  const stopped = server.stop();
  await end(0);
  await stopped;
  expect(clock.pending).toBe(0);
});

test('the reason for an end is any last line, but none of a server that has run', async () => {
  const { lines, print, end } = startServer();
  await settle();
  await print('no library');
  await end(127);
  await print('starting');
  await print('ready');
  await print('a client has connected');
  await end(137);
  expect(lines.filter((line) => line.startsWith('!'))).toEqual([
    '! db-1 ended with status 127 (no library); it is started again now',
    '! db-1 ended with status 137; it is started again in 1s',
  ]);
});

test('a server that fails twice keeps no app waiting', async () => {
  const { started, end } = startServer();
  await settle();
  await end(1);
  await end(1);
  expect(await started).toBe(false);
});

test('a program that cannot run is a line with the remedy', async () => {
  class Broken extends FakeDriver {
    override async spec(): Promise<never> {
      throw new UserError('NO_PROGRAM', 'There is no server', 'Install it.');
    }
  }
  const { lines, server, clock } = startServer({ driver: new Broken() });
  await settle();
  expect(lines[0]).toBe('! db-1 cannot start: There is no server; it is started again now. Install it.');
  await server.stop();
  expect(clock.pending).toBe(0);
});

test('a server that is ready again is prepared again, and has not moved', async () => {
  const { started, driver, ports, print } = startServer();
  await settle();
  await print('ready');
  await started;
  await print('ready');
  expect(driver.asked).toHaveLength(2);
  expect(ports).toEqual([25_001]);
});

test('a server that takes no connections is not waited for after 30 s', async () => {
  const { started, clock, lines, server, end } = startServer();
  await clock.advance(30_000);
  expect(await started).toBe(false);
  expect(lines).toEqual(['! db-1 takes no connections after 30s; nothing waits for it']);
  const stopped = server.stop();
  await end(0);
  await stopped;
});

test('a stop waits for the end, and kills after 10 s', async () => {
  const { server, started, containment, print, clock } = startServer();
  await settle();
  await print('ready');
  await started;
  let isOver = false;
  const stopped = server.stop().then(() => {
    isOver = true;
  });
  expect(containment.of('db-1').signals).toEqual(['SIGTERM']);
  await clock.advance(9999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await stopped;
  expect(containment.of('db-1').signals).toEqual(['SIGTERM', 'SIGKILL']);
  expect(clock.pending).toBe(0);
});

test('a stop during a pause ends it', async () => {
  const { server, clock, end } = startServer();
  await settle();
  await end(1);
  await end(1);
  expect(clock.pending).toBe(1);
  await server.stop();
  expect(clock.pending).toBe(0);
});
