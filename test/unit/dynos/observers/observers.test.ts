import { expect, test } from 'vitest';
import { MemoryMeter } from '../../../../src/dynos/observers/memory.js';
import { Supervisor } from '../../../../src/dynos/supervisor.js';
import { fakeWorld } from '../../../helpers/fake-world.js';
import { settle } from '../../../helpers/manual-clock.js';

function makeSupervisor() {
  const fake = fakeWorld();
  const seen: string[] = [];
  fake.observers.push(({ plan, pid }) => {
    seen.push(`${plan.command} begins, ${pid === undefined ? 'without' : 'with'} a process`);
    return () => seen.push(`${plan.command} is gone`);
  });
  const supervisor = new Supervisor({
    world: fake.world,
    log: fake.log,
    plan: (type, name) => fake.plan(type, name, { command: name }),
    hasPreboot: () => false,
    onCrash: () => {},
  });
  const runOneOff = () => {
    const oneOff = supervisor.addOneOff('run', (name) => fake.plan('run', name, { command: 'one-off' }));
    oneOff.start();
    return oneOff;
  };
  return { ...fake, supervisor, runOneOff, seen: () => seen.splice(0) };
}

test('an observer is called for every run of the formation, and at its end', async () => {
  const { supervisor, containment, seen } = makeSupervisor();
  supervisor.scale('worker', 2);
  expect(seen()).toEqual(['worker.1 begins, without a process', 'worker.2 begins, without a process']);
  await settle();
  supervisor.dynos()[0]?.restart();
  await settle();
  expect(seen()).toEqual(['worker.1 begins, without a process']);
  containment.trees[0]?.exit(143);
  await settle();
  expect(seen()).toEqual(['worker.1 is gone']);
  supervisor.kill();
  await settle();
  expect(seen().sort()).toEqual(['worker.1 is gone', 'worker.2 is gone']);
});

test('it is called for one-off dynos, too', async () => {
  const { runOneOff, containment, seen } = makeSupervisor();
  runOneOff();
  await settle();
  expect(seen()).toEqual(['one-off begins, without a process']);
  containment.trees[0]?.exit(0);
  await settle();
  expect(seen()).toEqual(['one-off is gone']);
});

test('it is called at the end of a run that never had a process', async () => {
  const { world, runOneOff, seen } = makeSupervisor();
  Object.assign(world, { ports: { take: () => Promise.reject(new Error('no port')) } });
  await runOneOff().exited;
  expect(seen()).toEqual(['one-off begins, without a process', 'one-off is gone']);
});

test('memory is measured while a run has processes', async () => {
  const { world, kernel, runOneOff, containment } = makeSupervisor();
  kernel.memory = { rss: 1000, cache: 900, swap: 100 };
  const meter = new MemoryMeter({ ...world, cpuMs: () => 0, remark: () => {} });
  const { run } = runOneOff();
  expect(meter.of(run)).toBeUndefined();
  await settle();
  expect(meter.of(run)).toBe(2000);
  containment.trees[0]?.exit(0);
  await settle();
  expect(meter.of(run)).toBeUndefined();
});
