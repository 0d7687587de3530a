import { expect, test } from 'vitest';
import { Deadlines } from '../../../src/router/deadlines.js';
import { ManualClock } from '../../helpers/manual-clock.js';

function setup(): {
  clock: ManualClock;
  deadlines: Deadlines;
  rung: string[];
  ring: (name: string) => () => void;
} {
  const clock = new ManualClock();
  const rung: string[] = [];
  return {
    clock,
    deadlines: new Deadlines(clock),
    rung,
    ring: (name) => () => rung.push(`${name} ${clock.now()}`),
  };
}

test('each rings when it is due, all on one timer', async () => {
  const { clock, deadlines, rung, ring } = setup();
  for (const ms of [300, 100, 200, 100]) deadlines.after(ms, ring(`${ms}`));
  expect(clock.pending).toBe(1);
  await clock.advance(99);
  expect(rung).toEqual([]);
  await clock.advance(1000);
  expect(rung).toEqual(['100 100', '100 100', '200 200', '300 300']);
  expect(clock.pending).toBe(0);
});

test('one that is put off or stopped does not ring before its time', async () => {
  const { clock, deadlines, rung, ring } = setup();
  const off = deadlines.after(100, ring('off'));
  const stopped = deadlines.after(100, ring('stopped'));
  await clock.advance(90);
  off.start(100);
  stopped.stop();
  expect([off.isRunning, stopped.isRunning]).toEqual([true, false]);
  await clock.advance(99);
  expect(rung).toEqual([]);
  await clock.advance(1);
  expect(rung).toEqual(['off 190']);
  expect(off.isRunning).toBe(false);
});

test('one may be brought forward, and used again', async () => {
  const { clock, deadlines, rung, ring } = setup();
  const deadline = deadlines.after(1000, ring('a'));
  deadline.start(10);
  await clock.advance(10);
  deadline.start(20);
  await clock.advance(2000);
  expect(rung).toEqual(['a 10', 'a 30']);
});

test('a task may stop and start others', async () => {
  const { clock, deadlines, rung, ring } = setup();
  const victim = deadlines.create(ring('victim'));
  deadlines.after(100, () => {
    victim.stop();
    deadlines.after(50, ring('next'));
  });
  victim.start(100);
  await clock.advance(1000);
  expect(rung).toEqual(['next 150']);
});

test('after closing none rings', async () => {
  const { clock, deadlines, rung, ring } = setup();
  deadlines.after(100, ring('before'));
  deadlines.close();
  deadlines.after(100, ring('after')).stop();
  deadlines.after(100, ring('after'));
  await clock.advance(1000);
  expect(rung).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('stopping one that does not run changes nothing', async () => {
  const { clock, deadlines, rung, ring } = setup();
  deadlines.create(ring('never')).stop();
  const twice = deadlines.after(1, ring('twice'));
  twice.stop();
  twice.stop();
  deadlines.after(2, ring('other'));
  await clock.advance(10);
  expect(rung).toEqual(['other 2']);
});
