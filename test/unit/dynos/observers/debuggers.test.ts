import { describe, expect, test } from 'vitest';
import type { DebuggerState } from '../../../../src/dynos/debugger.js';
import { LiveRun } from '../../../../src/dynos/live-run.js';
import { Debuggers } from '../../../../src/dynos/observers/debuggers.js';
import { OneOff } from '../../../../src/dynos/one-off.js';
import { fakeDyno } from '../../../helpers/fake-dyno.js';
import { fakeWorld } from '../../../helpers/fake-world.js';
import { settle } from '../../../helpers/manual-clock.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** A dyno that has just been started. */
async function startDyno(type: string, state: DebuggerState) {
  const fake = fakeWorld();
  Object.assign(fake.world, { cycleMs: () => DAY });
  fake.kernel.debugger = state;
  const dyno = fakeDyno(fake, type);
  dyno.start({ isFirst: true });
  await settle();
  /** Which errors have been logged. */
  const errors = () => fake.lines.flatMap((line) => /Error (\w+)/.exec(line)?.[1] ?? []);
  return { ...fake, dyno, tree: fake.containment.of(`${type}.1`), errors };
}

async function startOneOff(state: DebuggerState) {
  const fake = fakeWorld();
  Object.assign(fake.world, { cycleMs: () => DAY });
  fake.kernel.debugger = state;
  const oneOff = new OneOff('run', 'run.1', fake.plan('run', 'run.1'), fake.world, fake.log('run.1'));
  oneOff.start();
  await settle();
  return { ...fake, oneOff, tree: fake.containment.of('run.1') };
}

describe('while a debugger is attached', () => {
  test('a boot has no timeout; when the debugger leaves, the time begins anew', async () => {
    const { dyno, clock, kernel, errors } = await startDyno('web', 'attached');
    await clock.advance(HOUR);
    expect(dyno.status).toBe('starting');
    kernel.debugger = 'none';
    await clock.advance(60 * SECOND);
    expect(errors()).toEqual([]);
    await clock.advance(2 * SECOND);
    expect(errors()).toEqual(['R10']);
  });

  test('a dyno that is asked to stop has all the time; when the debugger leaves, 30 s', async () => {
    const { dyno, tree, clock, kernel, errors } = await startDyno('worker', 'attached');
    dyno.restart();
    await clock.advance(HOUR);
    expect(tree.signals).toEqual(['SIGTERM']);
    kernel.debugger = 'none';
    await clock.advance(30 * SECOND);
    expect(tree.signals).toEqual(['SIGTERM']);
    await clock.advance(2 * SECOND);
    expect(tree.signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(errors()).toEqual(['R12']);
  });

  test('a dyno whose app ends gets SIGKILL all the same', async () => {
    const { dyno, tree, clock } = await startDyno('worker', 'attached');
    dyno.letDie();
    dyno.stop();
    await clock.advance(30 * SECOND);
    expect(tree.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  test('also one that was being stopped before', async () => {
    const { dyno, tree, clock } = await startDyno('worker', 'attached');
    dyno.restart();
    await clock.advance(HOUR);
    dyno.letDie();
    dyno.stop();
    await clock.advance(32 * SECOND);
    expect(tree.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  test('a dyno is not cycled, but a day later', async () => {
    const { dyno, tree, clock, kernel, lines } = await startDyno('worker', 'attached');
    const { run } = dyno;
    await clock.advance(2 * DAY - 1);
    kernel.debugger = 'none';
    expect(dyno.run).toBe(run);
    await clock.advance(1);
    expect(lines).toContain('heroku[worker.1]: Cycling');
    expect(tree.signals).toEqual(['SIGTERM']);
  });

  test('a one-off dyno is not cycled, but a day later', async () => {
    const { tree, clock, kernel } = await startOneOff('attached');
    await clock.advance(2 * DAY - 1);
    kernel.debugger = 'none';
    expect(tree.signals).toEqual([]);
    await clock.advance(1);
    expect(tree.signals).toEqual(['SIGTERM']);
  });

  test('a one-off dyno whose client has left is not killed; when the debugger leaves, the time begins anew', async () => {
    const { oneOff, tree, clock, kernel, lines } = await startOneOff('attached');
    oneOff.hangUp();
    await clock.advance(HOUR);
    kernel.debugger = 'none';
    await clock.advance(29 * SECOND);
    expect(tree.signals).not.toContain('SIGKILL');
    await clock.advance(3 * SECOND);
    expect(tree.signals).toContain('SIGKILL');
    expect(lines.join()).toContain('Error R16');
    expect(clock.pending).toBe(0);
  });

  test('a dyno that starts or stops is settled: platform time moves on', async () => {
    const { dyno, clock, kernel } = await startDyno('web', 'attached');
    expect(dyno.isSettled).toBe(true);
    kernel.debugger = 'none';
    await clock.advance(SECOND);
    expect(dyno.isSettled).toBe(false);
  });

  test('the log says so once, when it matters', async () => {
    const { clock, lines } = await startDyno('web', 'attached');
    const remarks = () => lines.filter((line) => /debugger/.test(line));
    await clock.advance(59 * SECOND);
    expect(remarks()).toEqual([]);
    await clock.advance(HOUR);
    expect(remarks()).toEqual([
      'dynosim[web.1]: a debugger is attached: until it leaves, nothing times out, sleeps or is cycled',
    ]);
  });
});

describe('a program that waits at its start for a debugger', () => {
  test('has no boot timeout, until one has been attached and has left', async () => {
    const { clock, kernel, errors } = await startDyno('web', 'awaited');
    await clock.advance(HOUR);
    kernel.debugger = 'attached';
    await clock.advance(HOUR);
    expect(errors()).toEqual([]);
    kernel.debugger = 'awaited';
    await clock.advance(62 * SECOND);
    expect(errors()).toEqual(['R10']);
  });

  test('is no reason not to end it', async () => {
    const { dyno, tree, clock, errors } = await startDyno('worker', 'awaited');
    dyno.restart();
    await clock.advance(30 * SECOND);
    expect(tree.signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(errors()).toEqual(['R12']);
  });
});

describe('a run', () => {
  async function startRun(state: DebuggerState = 'none') {
    const fake = fakeWorld();
    let looks = 0;
    const debuggers = new Debuggers({
      clock: fake.clock,
      processes: {
        debuggerOf: () => {
          looks += 1;
          return fake.kernel.debugger;
        },
      },
    });
    Object.assign(fake.world, { debuggers });
    fake.kernel.debugger = state;
    const run = new LiveRun('id', fake.plan('worker', 'worker.1'), fake.world, fake.log('worker.1'));
    run.start();
    await settle();
    const { output } = fake.containment.of('worker.1');
    const print = async (text: string): Promise<void> => {
      output.write(text);
      await settle();
    };
    return { ...fake, run, print, looks: () => looks };
  }

  test('is held by a client at the prompt of a debugger in its output', async () => {
    const { run, print, clock } = await startRun();
    await print('> app.py(3)\n(Pdb) ');
    expect(run.isDebugged).toBe(false);
    const guest = run.io.openInput();
    await clock.advance(SECOND);
    expect(run.isDebugged).toBe(true);
    await print('c\n');
    await clock.advance(SECOND);
    expect(run.isDebugged).toBe(false);
    guest.destroy();
  });

  test('whose program has ended is not held by a debugger that does not disconnect', async () => {
    const { run, print, clock } = await startRun('attached');
    run.stop();
    expect(run.isDebugged).toBe(true);
    await print('Waiting for the debugger to disconnect...\n');
    await clock.advance(SECOND);
    expect(run.isDebugged).toBe(false);
  });

  test('without a process is not held', async () => {
    const { run, containment } = await startRun('attached');
    containment.of('worker.1').exit(0);
    await settle();
    expect(run.isDebugged).toBe(false);
  });

  test('is not looked at until somebody asks, and then at most twice a second', async () => {
    const { run, clock, looks } = await startRun();
    await clock.advance(HOUR);
    expect(looks()).toBe(0);
    for (let times = 0; times < 1000; times += 1) run.isDebugged;
    expect(looks()).toBe(1);
    await clock.advance(SECOND / 2);
    run.isDebugged;
    expect(looks()).toBe(2);
  });
});
