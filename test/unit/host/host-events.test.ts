import { describe, expect, onTestFinished, test } from 'vitest';
import type { EventsRequest, HostEvent } from '../../../src/api/control.js';
import { LocalApp } from '../../../src/apps/local-app.js';
import { PlatformClock } from '../../../src/base/clock.js';
import { Closers } from '../../../src/base/closers.js';
import { Emitter } from '../../../src/base/emitter.js';
import type { LiveRun } from '../../../src/dynos/live-run.js';
import { followClock } from '../../../src/host/events/follow-clock.js';
import { followHost } from '../../../src/host/events/follow-host.js';
import { Registry } from '../../../src/host/registry.js';
import type { LogEntry, RouterFacts } from '../../../src/logs/entry.js';
import { type FakeAppOptions, MINUTE, startFakeApp } from '../../helpers/fake-app.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';
import { factsOf } from '../../helpers/router-facts.js';

const FACTS = factsOf(1, { path: '/a?b', status: 503, code: 'H12', dyno: null, bytes: null });

/** An app in a host, and readers of the host's events. */
async function startFollowed(options: FakeAppOptions = {}) {
  const fake = await startFakeApp(options);
  const { app, world } = fake;
  const { time } = world;
  const registry = new Registry();
  const control = new LocalApp(app, () => 'http://127.0.0.1:1');
  const entry = { app, control, takesEveryHost: true, watchers: new Closers(), closers: new Closers() };
  registry.add(entry);
  const moved = new Emitter();
  const host = {
    registry,
    time,
    get clock() {
      const { speed, skippedMs, aheadMs } = time.platform;
      return { speed, skippedMs, wall: time.wall(), platform: time.wall() + aheadMs };
    },
    onClock: (listener: () => void) => moved.subscribe(listener),
  };
  /** Reads events as they come. `read` returns those of a kind since the last call. */
  const follow = async (wanted: EventsRequest) => {
    const over = new AbortController();
    onTestFinished(() => over.abort());
    const seen: HostEvent[] = [];
    void (async () => {
      for await (const event of followHost(host, wanted, over.signal)) seen.push(event);
    })();
    await settle();
    return <Kind extends HostEvent['event']>(kind: Kind) =>
      seen.splice(0).filter((event): event is HostEvent & { event: Kind } => event.event === kind);
  };
  const log = (line: string, more: Partial<LogEntry> = {}): void =>
    app.log({ at: time.wall(), source: 'app', dyno: 'web.1', line, ...more });
  const request = (more: Partial<RouterFacts> = {}): void =>
    log('at=info', { source: 'heroku', dyno: 'router', router: { ...FACTS, ...more } });
  return { ...fake, host, registry, entry, moved, follow, log, request };
}

test('without a query, a reader gets dynos, releases and apps alone', async () => {
  const { follow, request, pass, clock } = await startFollowed();
  const timers = clock.pending;
  const read = await follow({});
  request();
  await pass(40 * MINUTE);
  expect(read('request')).toEqual([]);
  expect(clock.pending).toBeLessThanOrEqual(timers);
});

test('a dyno has what a page shows of it', async () => {
  const { app, follow, proceed, containment } = await startFollowed({ sizes: 'basic' });
  const read = await follow({});
  expect(read('dyno').at(0)).toMatchObject({
    name: 'web.1',
    size: 'Basic',
    restarts: 0,
    memoryQuota: 512 * 2 ** 20,
  });
  app.dynos.restart({ kind: 'dyno', name: 'web.1' });
  await proceed();
  containment.trees.at(-1)?.exit(1);
  await proceed();
  expect(read('dyno').at(-1)).toMatchObject({ name: 'web.1', restarts: 2 });
});

test('a wake is no restart', async () => {
  const { app, follow, pass } = await startFollowed();
  const read = await follow({});
  app.sleep.sleeper.sleepNow();
  await pass(0);
  app.sleep.sleeper.wakeNow();
  await pass(5000);
  const wakes = read('dyno').filter((dyno) => dyno.state === 'up' && dyno.since > 0);
  expect(wakes).toMatchObject([
    { name: 'worker.1', restarts: 0 },
    { name: 'web.1', restarts: 0 },
  ]);
});

describe('sleep', () => {
  test('is told with every change, and when it is due', async () => {
    const { app, follow, pass } = await startFollowed();
    const read = await follow({ include: ['sleep'] });
    expect(read('sleep')).toEqual([
      {
        event: 'sleep',
        app: 'demo',
        state: 'awake',
        since: 0,
        sleepsAt: 30 * MINUTE,
        inFlight: 0,
        isExhausted: false,
      },
    ]);
    await pass(10 * MINUTE);
    expect(read('sleep')).toEqual([]);
    const lease = app.sleep.sleeper.enter();
    await pass(1000);
    expect(read('sleep')).toMatchObject([{ state: 'awake', sleepsAt: undefined, inFlight: 1 }]);
    lease.release(1);
    await pass(1000);
    expect(read('sleep')).toMatchObject([{ state: 'awake', sleepsAt: 40 * MINUTE + 1000 }]);
    // Shorter than the time between two looks.
    app.sleep.sleeper.enter().release(1);
    await pass(1000);
    expect(read('sleep')).toMatchObject([{ state: 'awake', sleepsAt: 40 * MINUTE + 2000 }]);
    await pass(30 * MINUTE - 1000);
    expect(read('sleep')).toMatchObject([
      { state: 'asleep', since: 40 * MINUTE + 2000, sleepsAt: undefined },
    ]);
    app.sleep.sleeper.wakeNow();
    await pass(5000);
    expect(read('sleep').map(({ state, sleepsAt }) => [state, sleepsAt])).toEqual([
      ['waking', undefined],
      ['awake', 70 * MINUTE + 7000],
    ]);
  });

  test('never comes to an app without eco dynos', async () => {
    const { follow, app } = await startFollowed({ sizes: 'basic' });
    const read = await follow({ include: ['sleep'] });
    expect(read('sleep')).toMatchObject([{ state: 'never', sleepsAt: undefined }]);
    app.dynos.scale([{ type: 'web', size: 'Eco' }]);
    await settle();
    expect(read('sleep').at(-1)).toMatchObject({ state: 'awake' });
  });
});

test('the clock is told at first and when it was moved', async () => {
  const { follow, host, moved } = await startFollowed();
  const read = await follow({ include: ['clock'] });
  expect(read('clock')).toEqual([{ event: 'clock', speed: 1, skippedMs: 0, wall: 0, platform: 0 }]);
  await host.time.platform.advance(MINUTE, async () => {});
  moved.emit();
  await settle();
  expect(read('clock')).toEqual([{ event: 'clock', speed: 1, skippedMs: MINUTE, wall: 0, platform: MINUTE }]);
});

test('the clock is told when it is not what a reader computes, such as after the machine was suspended', async () => {
  const clock = new ManualClock();
  const platform = new PlatformClock(clock, 60);
  let suspendedMs = 0;
  const wall = (): number => clock.now() + suspendedMs;
  const told: HostEvent[] = [];
  const host = {
    time: { real: clock, platform, wall },
    get clock() {
      return { speed: 60, skippedMs: 0, wall: wall(), platform: wall() + platform.aheadMs };
    },
    onClock: () => () => {},
  };
  const stop = followClock(host, (event) => typeof event === 'object' && told.push(event));
  await clock.advance(10_000);
  expect(told.splice(0)).toMatchObject([{ wall: 0, platform: 0 }]);
  // Platform time has stood still meanwhile.
  suspendedMs = 3_600_000;
  await clock.advance(10_000);
  expect(told).toMatchObject([{ wall: 3_611_000, platform: 3_600_000 + 660_000 }]);
  stop();
  expect(clock.pending).toBe(0);
});

describe('requests', () => {
  test('are told as the router’s log entry tells them, the latest ones at first', async () => {
    const { follow, request, clock } = await startFollowed();
    request({ requestId: 'earlier' });
    const read = await follow({ include: ['requests'] });
    expect(read('request')).toMatchObject([{ requestId: 'earlier' }]);
    request();
    await clock.advance(100);
    expect(read('request')).toEqual([{ event: 'request', app: 'demo', at: 0, ...FACTS }]);
  });

  test('are at most 200 a second, the latest, with a count of the others', async () => {
    const { host, request, clock } = await startFollowed();
    const over = new AbortController();
    const events: HostEvent[] = [];
    void (async () => {
      for await (const event of followHost(host, { include: ['requests'] }, over.signal)) events.push(event);
    })();
    for (let ms = 0; ms < 1000; ms += 10) {
      for (let i = 0; i < 10; i += 1) request({ requestId: `${ms + i}` });
      await clock.advance(10);
    }
    await clock.advance(1000);
    over.abort();
    const told = events.flatMap((event) => (event.event === 'request' ? event.requestId : []));
    const skipped = events.map((event) => (event.event === 'skipped' ? event.requests : 0));
    // Those of one second, and what the reader was given of the backlog afterwards.
    expect(told.length).toBe(380);
    expect(told.at(-1)).toBe('999');
    expect(skipped.reduce((sum, count) => sum + count)).toBe(620);
  });
});

describe('metrics', () => {
  test('come for each second with requests or newly measured memory, the last one at first', async () => {
    const { follow, request, clock, app } = await startFollowed();
    await clock.advance(10_000);
    const read = await follow({ include: ['metrics'] });
    expect(read('metrics')).toMatchObject([{ at: 8000, requests: 0, p50Ms: null, memory: {} }]);
    await clock.advance(5000);
    expect(read('metrics')).toEqual([]);
    request();
    request();
    await clock.advance(2000);
    expect(read('metrics')).toMatchObject([
      { at: 15_000, requests: 2, statuses: { '5xx': 2 }, maxMs: 1, memory: {} },
    ]);
    app.metrics.memory.add('web.1', 0, 50);
    app.metrics.memory.add('web.7', 0, 50);
    await clock.advance(2000);
    expect(read('metrics')).toMatchObject([{ requests: 0, memory: { 'web.1': 50 } }]);
  });

  test('let memory be measured only while somebody reads them', async () => {
    const { host, world, clock } = await startFollowed();
    let measured: string[] = [];
    Object.assign(world, {
      memory: {
        of: () => undefined,
        refresh: (runs: readonly LiveRun[]) => measured.push(...runs.map(({ plan }) => plan.name)),
      },
    });
    const over = new AbortController();
    const reading = (async () => {
      for await (const _ of followHost(host, { include: ['metrics'] }, over.signal));
    })();
    await clock.advance(1000);
    expect(measured).toEqual(['web.1', 'worker.1', 'web.1', 'worker.1']);
    over.abort();
    await reading;
    measured = [];
    await clock.advance(10_000);
    expect(measured).toEqual([]);
  });
});

test('marks are told once, and again when they have grown', async () => {
  const { app, follow, request, clock, proceed } = await startFollowed();
  app.dynos.restart({ kind: 'all' });
  await proceed();
  const read = await follow({ include: ['marks'] });
  expect(read('mark')).toMatchObject([
    { event: 'mark', app: 'demo', kind: 'release', text: expect.stringMatching(/^v1 /) },
    { kind: 'scale', text: 'web@1:Eco worker@1:Eco' },
    { kind: 'restart', text: 'restarted 2 dynos', dyno: null, count: 1 },
  ]);
  for (let i = 0; i < 100; i += 1) request();
  await clock.advance(1000);
  expect(read('mark').map(({ kind, count }) => [kind, count])).toEqual([
    ['H12', 1],
    ['H12', 100],
  ]);
  app.sleep.sleeper.sleepNow();
  await proceed();
  expect(read('mark')).toMatchObject([{ kind: 'sleep' }]);
  app.sleep.sleeper.wakeNow();
  await clock.advance(5000);
  await proceed();
  expect(read('mark')).toMatchObject([
    { kind: 'wake', text: 'woken by hand, after 5.0 s = 5.0 s delay + 0.0 s boot' },
  ]);
});

describe('the log', () => {
  test('comes in batches, the latest lines at first', async () => {
    const { follow, log, clock } = await startFollowed();
    log('earlier');
    const read = await follow({ include: ['logs'] });
    expect(read('log').at(0)?.lines.at(-1)).toMatchObject({ line: 'earlier', dyno: 'web.1' });
    for (let i = 0; i < 700; i += 1) log(`${i}`);
    await clock.advance(100);
    await clock.advance(100);
    const batches = read('log');
    expect(batches.map(({ lines, skipped }) => [lines.length, skipped])).toEqual([
      [500, 0],
      [200, 0],
    ]);
    expect(batches.flatMap(({ lines }) => lines.map(({ line }) => line))).toEqual(
      Array.from({ length: 700 }, (_, i) => `${i}`),
    );
  });

  test('a flood skips lines, and says how many', async () => {
    const { follow, log, clock } = await startFollowed();
    const read = await follow({ include: ['logs'] });
    read('log');
    for (let ms = 0; ms < 1000; ms += 10) {
      for (let i = 0; i < 100; i += 1) log('flood');
      await clock.advance(10);
    }
    await clock.advance(1000);
    const batches = read('log');
    const told = batches.reduce((sum, { lines }) => sum + lines.length, 0);
    const skipped = batches.reduce((sum, batch) => sum + batch.skipped, 0);
    expect(told + skipped).toBe(10_000);
    expect(told).toBeLessThanOrEqual(6000);
    expect(Math.max(...batches.map(({ lines }) => lines.length))).toBe(500);
  });

  test('of an app that has gone says nothing more to a reader that lags behind', async () => {
    const { host, log, clock, registry } = await startFollowed();
    const over = new AbortController();
    const reader = followHost(host, { include: ['logs'] }, over.signal);
    while ((await reader.next()).value?.event !== 'current');
    for (let i = 0; i < 800; i += 1) log(`${i}`);
    await clock.advance(100);
    registry.remove('demo');
    const timers = clock.pending;
    expect((await reader.next()).value).toMatchObject({ event: 'log', lines: { length: 500 } });
    expect((await reader.next()).value).toMatchObject({ event: 'app', state: 'removed' });
    expect(clock.pending).toBe(timers);
    over.abort();
  });

  test('a reader that takes nothing costs no more than a backlog', async () => {
    const { host, log, clock } = await startFollowed();
    const over = new AbortController();
    const reader = followHost(host, { include: ['logs'] }, over.signal);
    while ((await reader.next()).value?.event !== 'current');
    for (let i = 0; i < 5000; i += 1) log(`${i}`);
    await clock.advance(10_000);
    const { value } = await reader.next();
    expect(value).toMatchObject({ event: 'log', skipped: 4000, lines: { length: 500 } });
    over.abort();
  });
});

test('a host with more to tell at first than may wait is told whole', async () => {
  const { registry, entry, host, request } = await startFollowed();
  for (let i = 0; i < 200; i += 1) request();
  // The same app under many names.
  const many = {
    list: () => Array.from({ length: 60 }, () => ({ ...entry })),
    onChange: registry.onChange.bind(registry),
  };
  const reader = followHost(
    { registry: many, time: host.time, clock: host.clock, onClock: host.onClock },
    { include: ['requests'] },
    new AbortController().signal,
  );
  let told = 0;
  for await (const event of reader) {
    if (event.event === 'current') break;
    told += 1;
  }
  expect(told).toBeGreaterThan(12_000);
});

describe('one app of several', () => {
  test('is told of alone, also when it comes back under its name', async () => {
    const { follow, registry, entry } = await startFollowed();
    const { app: other } = await startFakeApp();
    const read = await follow({ app: 'demo' });
    expect(read('current')).toEqual([{ event: 'current', apps: ['demo'] }]);
    other.rename('other');
    registry.add({ ...entry, app: other });
    entry.app.rename('renamed');
    registry.rename('demo', 'renamed');
    other.rename('demo');
    registry.rename('other', 'demo');
    await settle();
    expect(read('app')).toEqual([
      { event: 'app', app: 'demo', state: 'removed' },
      { event: 'app', app: 'demo', state: 'added' },
    ]);
  });
});
