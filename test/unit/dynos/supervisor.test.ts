import { describe, expect, test } from 'vitest';
import { Supervisor } from '../../../src/dynos/supervisor.js';
import { fakeWorld } from '../../helpers/fake-world.js';
import { settle } from '../../helpers/manual-clock.js';

function makeSupervisor() {
  const fake = fakeWorld();
  const supervisor = new Supervisor({
    world: fake.world,
    log: fake.log,
    plan: (type, name) => fake.plan(type, name),
    hasPreboot: () => false,
    onCrash: () => {},
  });
  const names = () => supervisor.dynos().map(({ name }) => name);
  return { ...fake, supervisor, names };
}

describe('scaling', () => {
  test('numbers dynos from 1 without gaps and takes the highest away first', async () => {
    const { supervisor, names } = makeSupervisor();
    supervisor.scale('worker', 3);
    expect(names()).toEqual(['worker.1', 'worker.2', 'worker.3']);
    supervisor.scale('worker', 1);
    expect(names()).toEqual(['worker.1']);
    supervisor.scale('worker', 2);
    expect(names()).toEqual(['worker.1', 'worker.2']);
    await settle();
  });

  test('does not touch the dynos that stay', async () => {
    const { supervisor, containment } = makeSupervisor();
    supervisor.scale('worker', 2);
    await settle();
    const runs = supervisor.dynos().map(({ run }) => run);
    supervisor.scale('worker', 3);
    supervisor.scale('worker', 2);
    await settle();
    expect(supervisor.dynos().map(({ run }) => run)).toEqual(runs);
    expect(containment.of('worker.1').signals).toEqual([]);
    expect(containment.of('worker.3').signals).toEqual(['SIGTERM']);
  });

  test('a dyno may be added again while the old one with its name still shuts down', async () => {
    const { supervisor, containment } = makeSupervisor();
    supervisor.scale('worker', 1);
    await settle();
    supervisor.scale('worker', 0);
    supervisor.scale('worker', 1);
    await settle();
    expect(containment.trees.map(({ signals }) => signals)).toEqual([['SIGTERM'], []]);
    expect(supervisor.dynos()[0]?.status).toBe('up');
  });

  test('a dyno that is added again too early waits for the old one', async () => {
    const { supervisor, containment } = makeSupervisor();
    supervisor.scale('worker', 1);
    await settle();
    supervisor.scale('worker', 0);
    supervisor.scale('worker', 1);
    await settle();
    containment.trees[1]?.exit(1);
    await settle();
    expect(supervisor.dynos()[0]?.status).toBe('starting');
    containment.trees[0]?.exit(143);
    await settle();
    expect(supervisor.dynos()[0]?.status).toBe('up');
    supervisor.stop();
    containment.trees[2]?.exit(143);
    await supervisor.gone();
  });
});

test('advice about a web dyno that does not listen names another type that does', async () => {
  const { supervisor, containment, portsOf, clock, lines } = makeSupervisor();
  supervisor.scale('web', 2);
  supervisor.scale('server', 1);
  await settle();
  portsOf.set(containment.of('server.1').pid, [3000]);
  await clock.advance(60_000);
  expect(lines.filter((line) => line.includes('server.1 listens on port 3000'))).toHaveLength(2);
  supervisor.kill();
  await supervisor.gone();
});

describe('time that is moved forward', () => {
  async function startLooping() {
    const made = makeSupervisor();
    const { supervisor, containment, clock, world } = made;
    /** The newest process crashes after this time. */
    const crashAfter = async (ms: number) => {
      await clock.advance(ms);
      containment.of('worker.1').exit(1);
      await settle();
    };
    supervisor.scale('worker', 1);
    await crashAfter(300);
    await crashAfter(300);
    let isOver = false;
    void world.time.platform
      .advance(31 * 60_000, () => supervisor.settled())
      .then(() => {
        isOver = true;
      });
    await settle();
    return { ...made, crashAfter, isOver: () => isOver, state: () => supervisor.dynos()[0]?.status };
  }

  test('waits until a dyno that crashes at once has crashed again', async () => {
    const { crashAfter, isOver, state, supervisor, clock } = await startLooping();
    expect(state()).toBe('up');
    expect(isOver()).toBe(false);
    await crashAfter(500);
    expect(state()).toBe('crashed');
    expect(isOver()).toBe(true);
    supervisor.stop();
    expect(clock.pending).toBe(0);
  });

  test('does not wait longer than that may take', async () => {
    const { isOver, state, clock, supervisor } = await startLooping();
    await clock.advance(1099);
    expect(isOver()).toBe(false);
    await clock.advance(1);
    expect(isOver()).toBe(true);
    expect(state()).toBe('up');
    supervisor.kill();
    await supervisor.gone();
    expect(clock.pending).toBe(0);
  });
});

describe('the end', () => {
  test('waits for every process, also of dynos removed by scaling', async () => {
    const { supervisor, containment } = makeSupervisor();
    supervisor.scale('worker', 2);
    await settle();
    supervisor.scale('worker', 1);
    supervisor.stop();
    let gone = false;
    const end = supervisor.gone().then(() => {
      gone = true;
    });
    containment.of('worker.1').exit(143);
    await settle();
    expect(gone).toBe(false);
    containment.of('worker.2').exit(143);
    await end;
  });

  test('kill reaches dynos that were scaled away', async () => {
    const { supervisor, containment, clock } = makeSupervisor();
    supervisor.scale('worker', 2);
    await settle();
    supervisor.scale('worker', 1);
    supervisor.stop();
    supervisor.kill();
    await supervisor.gone();
    expect(containment.of('worker.1').signals).toContain('SIGKILL');
    expect(containment.of('worker.2').signals).toContain('SIGKILL');
    expect(clock.pending).toBe(0);
  });
});

test('dynos are settled soon after one waits for a debugger, which no change of status announces', async () => {
  const { supervisor, clock, kernel } = makeSupervisor();
  supervisor.scale('web', 1);
  await settle();
  let isSettled = false;
  void supervisor.settled().then(() => {
    isSettled = true;
  });
  await clock.advance(3000);
  expect(isSettled).toBe(false);
  kernel.debugger = 'awaited';
  await clock.advance(1000);
  expect(isSettled).toBe(true);
  supervisor.kill();
  await settle();
  expect(clock.pending).toBe(0);
});
