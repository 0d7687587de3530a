import { describe, expect, test } from 'vitest';
import { MB } from '../../../../src/base/bytes.js';
import { PlatformClock } from '../../../../src/base/clock.js';
import { LiveRun } from '../../../../src/dynos/live-run.js';
import { MemoryMeter } from '../../../../src/dynos/observers/memory.js';
import type { RunPlan } from '../../../../src/dynos/run-plan.js';
import { fakeDyno } from '../../../helpers/fake-dyno.js';
import { fakeWorld } from '../../../helpers/fake-world.js';
import { settle } from '../../../helpers/manual-clock.js';

const METRICS = { metrics: { dyno: 'worker.1', appId: '0f8fad5b-d9cb-469f-a165-70867728950e' } };

/** A worker on Eco that is up, and whose memory is measured. */
async function measuredDyno({ speed = 1, plan = {} }: { speed?: number; plan?: Partial<RunPlan> } = {}) {
  const fake = fakeWorld();
  const { clock, world, kernel, observers } = fake;
  const platform = new PlatformClock(clock, speed);
  Object.assign(world, { time: { ...world.time, platform } });
  let measured = 0;
  /** The CPU time that it takes to measure once, and in all. */
  const cost = { ms: 0, totalMs: 0 };
  const { memoryOf } = world.processes;
  const processes = {
    ...world.processes,
    memoryOf: (pids: readonly number[]) => {
      measured += 1;
      cost.totalMs += cost.ms;
      return memoryOf(pids);
    },
  };
  const remarks: string[] = [];
  observers.push(
    new MemoryMeter({
      time: world.time,
      processes,
      cpuMs: () => cost.totalMs,
      remark: (line) => remarks.push(line),
    }).observe,
  );
  const dyno = fakeDyno(fake, 'worker', { plan: () => fake.plan('worker', 'worker.1', plan) });
  dyno.start({ isFirst: true });
  await settle();
  /** The lines since the last call, without their source. */
  const said = () => fake.lines.splice(0).map((line) => line.replace(/^\w+\[[\w.]+\]: /, ''));
  said();
  return {
    ...fake,
    dyno,
    cost,
    remarks,
    said,
    /** How often it was measured exactly since the last call. */
    measured() {
      const count = measured;
      measured = 0;
      return count;
    },
    use(mb: number) {
      kernel.memory = { rss: mb * MB, cache: 0, swap: 0 };
    },
  };
}

describe('on demand', () => {
  /** Ten dynos whose runs a test measures, at 1 ms each, and those that were measured since the last call. */
  async function tenDynos(costMs = 1) {
    const fake = fakeWorld();
    let spentMs = 0;
    const seen: number[] = [];
    const runs = Array.from({ length: 10 }, (_, index) => {
      const run = new LiveRun(
        `${index}`,
        fake.plan('worker', `worker.${index}`, {
          onMemory: () => {
            spentMs += costMs;
            seen.push(index);
          },
        }),
        fake.world,
        fake.log(`worker.${index}`),
      );
      run.start();
      return run;
    });
    await settle();
    const { time, processes } = fake.world;
    const meter = new MemoryMeter({ time, processes, cpuMs: () => spentMs, remark: () => {} });
    const measured = (): readonly number[] => seen.splice(0);
    return { ...fake, runs, meter, measured };
  }

  test('a run is measured once a second at most', async () => {
    const { clock, runs, meter, measured } = await tenDynos();
    meter.refresh(runs.slice(0, 2));
    meter.refresh(runs.slice(0, 2));
    expect(measured()).toEqual([0, 1]);
    await clock.advance(1000);
    meter.refresh(runs.slice(0, 2));
    expect(measured()).toEqual([0, 1]);
  });

  test('after a burst, measuring takes 0.1 % of a core, and everybody’s turn comes', async () => {
    const { clock, runs, meter, measured } = await tenDynos(20);
    meter.refresh(runs);
    // 60 ms, which fill a minute.
    expect(measured()).toEqual([0, 1, 2]);
    const turns: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      await clock.advance(1000);
      meter.refresh(runs);
      turns.push(...measured());
    }
    expect(turns).toEqual([3, 4, 5, 6, 7, 8, 9, 0, 1, 2].slice(0, turns.length));
    expect(turns.length).toBeGreaterThanOrEqual(9);
    expect(turns.length).toBeLessThanOrEqual(10);
  });

  test('the turns of two readers come alike', async () => {
    const { clock, runs, meter, measured } = await tenDynos(20);
    for (let second = 0; second < 300; second += 1) {
      meter.refresh(runs.slice(0, 2));
      meter.refresh(runs.slice(2, 4));
      await clock.advance(1000);
    }
    const turns = measured();
    const counts = [0, 1, 2, 3].map((index) => turns.filter((turn) => turn === index).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(turns.length).toBeGreaterThan(8);
  });
});

describe('a dyno above its quota', () => {
  test('hands on what was measured', async () => {
    const measured: number[] = [];
    const { clock, use } = await measuredDyno({ plan: { onMemory: (bytes) => measured.push(bytes) } });
    use(513);
    await clock.advance(20_000);
    expect(measured).toEqual([513 * MB]);
  });

  test('is reported every 20 s: R14', async () => {
    const { clock, use, said } = await measuredDyno();
    use(513);
    await clock.advance(19_999);
    expect(said()).toEqual([]);
    await clock.advance(1);
    const lines = ['Process running mem=513M(100.2%)', 'Error R14 (Memory quota exceeded)'];
    expect(said()).toEqual(lines);
    await clock.advance(40_000);
    expect(said()).toEqual([...lines, ...lines]);
    use(512);
    await clock.advance(40_000);
    expect(said()).toEqual([]);
  });

  test('counts files and swap, too', async () => {
    const { clock, kernel, said } = await measuredDyno();
    kernel.memory = { rss: 300 * MB, cache: 200 * MB, swap: 100 * MB };
    await clock.advance(20_000);
    expect(said()[0]).toBe('Process running mem=600M(117.2%)');
  });

  test('is killed above twice the quota: R15, which is a crash', async () => {
    const { dyno, clock, use, said } = await measuredDyno();
    use(1025);
    await clock.advance(20_000);
    expect(said()).toEqual([
      'Process running mem=1025M(200.2%)',
      'Error R15 (Memory quota vastly exceeded)',
      'Stopping process with SIGKILL',
      'Process exited with status 137',
      'State changed from up to crashed',
      'State changed from crashed to starting',
      'Starting process with command `run worker 20002`',
      'State changed from starting to up',
    ]);
    use(1);
    dyno.stop();
  });

  test('is not killed while a debugger is attached, which may take a snapshot of its heap', async () => {
    const { dyno, clock, kernel, use, said } = await measuredDyno();
    kernel.debugger = 'attached';
    use(1025);
    await clock.advance(20_000);
    expect(said().filter((line) => !/debugger/.test(line))).toEqual([
      'Process running mem=1025M(200.2%)',
      'Error R14 (Memory quota exceeded)',
    ]);
    use(1);
    dyno.stop();
  });

  test('may have another quota than that of its size, or none', async () => {
    const limits = { memory: 60 * MB, mostMemory: 120 * MB, threads: 256 };
    const small = await measuredDyno({ plan: { limits } });
    small.use(90);
    await small.clock.advance(20_000);
    expect(small.said()[0]).toBe('Process running mem=90M(150.0%)');
    const none = { memory: Number.POSITIVE_INFINITY, mostMemory: Number.POSITIVE_INFINITY, threads: 256 };
    const free = await measuredDyno({ plan: { limits: none } });
    free.use(100_000);
    await free.clock.advance(20_000);
    expect(free.said()).toEqual([]);
  });
});

describe('measuring', () => {
  test('exactly happens only if the cheap upper bound comes near the quota', async () => {
    const { clock, use, measured } = await measuredDyno();
    // The bound of the fake world is twice the memory.
    use(200);
    await clock.advance(20_000);
    expect(measured()).toBe(0);
    use(240);
    await clock.advance(20_000);
    expect(measured()).toBe(1);
  });

  test('happens every 2 s at most, however fast platform time runs', async () => {
    const { clock, use, measured } = await measuredDyno({ speed: 100 });
    use(500);
    await clock.advance(20_199);
    expect(measured()).toBe(10);
  });

  test.each([
    ['what costs 50 ms happens every 5 s', 50, 12],
    ['what costs a second still happens every 20 s', 1000, 3],
  ])('slows down for its costs: %s', async (_, ms, count) => {
    const { clock, use, cost, measured } = await measuredDyno({ speed: 1000 });
    use(500);
    cost.ms = ms;
    await clock.advance(60_000);
    expect(measured()).toBe(count);
  });

  test('happens once when the clock is moved forward, not for each 20 s', async () => {
    const { world, use, measured } = await measuredDyno();
    use(500);
    await world.time.platform.advance(24 * 3_600_000, async () => {});
    expect(measured()).toBe(1);
  });

  test('ends with the last run', async () => {
    const { dyno, clock, containment } = await measuredDyno();
    dyno.stop();
    await settle();
    containment.of('worker.1').exit(0);
    await settle();
    expect(clock.pending).toBe(0);
  });

  test('is given up, and that said once, where the system does not tell', async () => {
    const { dyno, clock, kernel, remarks, measured } = await measuredDyno();
    kernel.memory = undefined;
    await clock.advance(60_000);
    expect(measured()).toBe(1);
    dyno.restart();
    await clock.advance(60_000);
    expect(remarks).toEqual([expect.stringMatching(/^The memory of dynos cannot be measured here/)]);
  });
});

test('a dyno with more processes and threads than its size allows is remarked on once', async () => {
  const { clock, kernel, said } = await measuredDyno();
  kernel.threads = 256;
  await clock.advance(20_000);
  expect(said()).toEqual([]);
  kernel.threads = 257;
  await clock.advance(60_000);
  expect(said()).toEqual([
    'has 257 processes and threads: works here, but on Heroku a dyno of its size cannot start more than 256',
  ]);
});

describe('log-runtime-metrics', () => {
  test('logs load and memory every 20 s, in the lines of Heroku', async () => {
    const { dyno, clock, kernel, said } = await measuredDyno({ plan: METRICS });
    kernel.memory = { rss: 20 * MB, cache: MB, swap: MB / 2 };
    kernel.faults = 6000;
    kernel.activity = { isBusy: true, runnable: 3, cpuMs: 0 };
    await clock.advance(20_000);
    const labels = `source=worker.1 dyno=heroku.16317141.${dyno.run?.id}`;
    expect(said()).toEqual([
      `${labels} sample#load_avg_1m=0.85 sample#load_avg_5m=0.19 sample#load_avg_15m=0.07`,
      `${labels} sample#memory_total=21.50MB sample#memory_rss=20.00MB sample#memory_cache=1.00MB sample#memory_swap=0.50MB sample#memory_pgpgin=6000pages sample#memory_pgpgout=624pages sample#memory_quota=512.00MB`,
    ]);
  });

  test('comes before R14', async () => {
    const { clock, use, said } = await measuredDyno({ plan: METRICS });
    use(600);
    await clock.advance(20_000);
    expect(said().slice(2)).toEqual([
      'Process running mem=600M(117.2%)',
      'Error R14 (Memory quota exceeded)',
    ]);
  });

  test('averages the load over the time that has passed', async () => {
    const { clock, kernel, said } = await measuredDyno({ plan: METRICS });
    kernel.activity = { isBusy: true, runnable: 2, cpuMs: 0 };
    await clock.advance(3_600_000);
    expect(said().findLast((line) => line.includes('load'))).toMatch(
      /sample#load_avg_1m=2\.00 sample#load_avg_5m=2\.00 sample#load_avg_15m=1\.96$/,
    );
    kernel.activity = { isBusy: false, runnable: 0, cpuMs: 0 };
    await clock.advance(60_000);
    expect(said().at(-2)).toMatch(/sample#load_avg_1m=0\.74 /);
  });
});
