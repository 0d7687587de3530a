import { describe, expect, test } from 'vitest';
import type { Dyno } from '../../../src/dynos/dyno.js';
import { OneOff } from '../../../src/dynos/one-off.js';
import { fakeDyno } from '../../helpers/fake-dyno.js';
import { fakeWorld } from '../../helpers/fake-world.js';
import { settle } from '../../helpers/manual-clock.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A dyno that is up, and is cycled after a day. */
async function startedDyno(type: string, { hasPreboot = false } = {}) {
  const fake = fakeWorld();
  Object.assign(fake.world, { cycleMs: () => DAY });
  const name = `${type}.1`;
  const dyno = fakeDyno(fake, type, { hasPreboot: () => hasPreboot });
  const listen = async (): Promise<void> => {
    fake.containment.of(name).listen();
    await settle();
  };
  /** The first process that has not ended ends. */
  const exit = async (status: number): Promise<void> => {
    fake.containment.trees.find(({ hasExited }) => !hasExited)?.exit(status);
    await settle();
  };
  /** The lines since the last call, without their source. */
  const said = () => fake.lines.splice(0).map((line) => line.replace(/^\w+\[[\w.]+\]: /, ''));
  dyno.start({ isFirst: true });
  await settle();
  await listen();
  said();
  return { ...fake, dyno, listen, exit, said };
}

describe('a dyno that has run for a day', () => {
  test('is restarted, with the lines of Heroku', async () => {
    const { dyno, clock, listen, exit, said } = await startedDyno('web');
    await clock.advance(DAY - 1);
    expect(said()).toEqual([]);
    await clock.advance(1);
    await exit(143);
    await listen();
    expect(said()).toEqual([
      'Cycling',
      'State changed from up to starting',
      'Stopping all processes with SIGTERM',
      'Starting process with command `run web 20002`',
      'Process exited with status 143',
      'State changed from starting to up',
    ]);
    expect(dyno.isSettled).toBe(true);
  });

  test('is restarted again a day later', async () => {
    const { clock, exit, said } = await startedDyno('worker');
    for (let day = 0; day < 3; day += 1) {
      await clock.advance(DAY);
      await exit(143);
      expect(said()[0]).toBe('Cycling');
    }
  });

  test('with preboot serves until its new run listens', async () => {
    const { dyno, clock, listen, exit, said } = await startedDyno('web', { hasPreboot: true });
    const old = dyno.run;
    await clock.advance(DAY);
    expect(dyno.run).toBe(old);
    await listen();
    expect(dyno.run).not.toBe(old);
    await exit(143);
    expect(said()).toEqual([
      'Cycling',
      'Starting process with command `run web 20002`',
      'Stopping all processes with SIGTERM',
      'State changed from starting to up',
      'Process exited with status 143',
    ]);
  });

  test('with preboot tries again a day later if the new run does not come up', async () => {
    const { dyno, clock, said } = await startedDyno('web', { hasPreboot: true });
    const old = dyno.run;
    await clock.advance(DAY + MINUTE);
    expect(said().at(-1)).toBe('the new run ended before it listened: the old one keeps running');
    expect(dyno.run).toBe(old);
    await clock.advance(DAY - MINUTE);
    expect(said()[0]).toBe('Cycling');
  });
});

describe('the day begins anew', () => {
  test.each<[what: string, act: (dyno: Dyno) => void]>([
    ['with a restart', (dyno) => dyno.restart()],
    ['with a stop, after which the dyno comes back', (dyno) => dyno.bounce()],
  ])('%s', async (_, act) => {
    const { dyno, clock, exit, said } = await startedDyno('worker');
    await clock.advance(DAY - MINUTE);
    act(dyno);
    await settle();
    await exit(143);
    said();
    await clock.advance(DAY - 1);
    expect(said()).toEqual([]);
    await clock.advance(1);
    expect(said()[0]).toBe('Cycling');
  });

  test('with the restart after a crash', async () => {
    const { clock, exit, said } = await startedDyno('worker');
    await clock.advance(DAY - MINUTE);
    await exit(1);
    said();
    await clock.advance(DAY - 1);
    expect(said()).toEqual([]);
  });
});

test.each<[what: string, end: (dyno: Dyno) => void]>([
  ['sleeps', (dyno) => dyno.idle()],
  ['is stopped', (dyno) => dyno.stop()],
])('a dyno that %s is not cycled', async (_, end) => {
  const { dyno, clock, exit, said } = await startedDyno('web');
  end(dyno);
  await settle();
  await exit(143);
  said();
  expect(clock.pending).toBe(0);
});

test('a crashed dyno is not cycled while it waits for its restart', async () => {
  const { clock, exit, said } = await startedDyno('worker');
  await exit(1);
  await exit(1);
  said();
  expect(clock.pending).toBe(1);
});

test('a one-off dyno ends after a day', async () => {
  const { world, clock, containment, lines, plan, log } = fakeWorld();
  const name = 'run.1234';
  const oneOff = new OneOff('run', name, plan('run', name), { ...world, cycleMs: () => DAY }, log(name));
  oneOff.start();
  await clock.advance(DAY);
  containment.of(name).exit(143);
  await settle();
  expect(lines.map((line) => line.replace(/^.*?: /, '')).slice(2)).toEqual([
    'Cycling',
    'Stopping all processes with SIGTERM',
    'Process exited with status 143',
    'State changed from up to complete',
  ]);
  expect(clock.pending).toBe(0);
});
