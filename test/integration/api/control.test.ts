import { describe, expect, test } from 'vitest';
import { RemoteHost } from '../../../src/api/client/remote-host.js';
import { type AppControl, EVENT_KINDS, type HostControl, type HostEvent } from '../../../src/api/control.js';
import type { Session } from '../../../src/apps/control.js';
import type { RunRequest } from '../../../src/apps/requests.js';
import type { DynoView } from '../../../src/apps/views.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { processesWith, uniqueNap, untilGone } from '../../helpers/processes.js';
import { logged } from '../../helpers/start-host.js';
import { SLEEPERS, startDemo } from './world.js';

/**
 * What `AppControl` and `HostControl` promise, kept by the app itself and by the client of its API: each question is
 * asked of both, and they must agree to the letter.
 */
async function world(files: Readonly<Record<string, string>> = SLEEPERS) {
  const { host, app } = await startDemo(files);
  const hosts: readonly HostControl[] = [host.control, new RemoteHost(host.address, 'secret')];
  const [local, remote] = await Promise.all(hosts.map((control) => control.app('demo')));
  if (!local || !remote) throw new Error('There is no demo');
  return { host, app, hosts, apps: [local, remote] as const };
}

/** What comes of a call: its result, or the error that a user would see. */
async function outcome<T>(call: Promise<T>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const { name, code, message, hint } = error as Error & { readonly code?: string; readonly hint?: string };
    return { name, code, message, hint };
  }
}

type Ask<T> = (app: AppControl) => Promise<T>;

async function askBoth<T>(apps: readonly AppControl[], ask: Ask<T>): Promise<readonly unknown[]> {
  const answers = [];
  for (const app of apps) answers.push(await outcome(ask(app)));
  return answers;
}

const never = new AbortController().signal;
const stable = ({ memory: _, ...view }: DynoView) => view;

describe('the app and its client', () => {
  test.each<readonly [string, Ask<unknown>]>([
    ['info', (app) => app.info()],
    ['dynos', async (app) => (await app.dynos()).map(stable)],
    ['formation', (app) => app.formation()],
    ['configVars', (app) => app.configVars()],
    ['the config vars of a release', (app) => app.configVars(1)],
    ['releases', (app) => app.releases()],
    ['features', (app) => app.features()],
    ['a feature', (app) => app.feature('preboot')],
    ['drains', (app) => app.drains()],
    ['builds', (app) => app.builds()],
    ['buildpacks', (app) => app.buildpacks()],
    ['domains', (app) => app.domains()],
    ['repoBytes', (app) => app.repoBytes()],
  ])('answer alike: %s', async (_what, ask) => {
    const { apps, app } = await world();
    // Then nothing changes any more: web never listens.
    await logged(app, /from starting to up/);
    await expect.poll(() => app.dynos.views().map(({ pid }) => pid)).not.toContain(undefined);
    const [local, remote] = await askBoth(apps, ask);
    expect(local).toBeDefined();
    expect(local).not.toHaveProperty('code');
    expect(remote).toEqual(local);
  });

  test('answer alike: report and quota, but for the time that passes in between', async () => {
    const { apps } = await world();
    const [local, remote] = await Promise.all(apps.map((app) => app.report()));
    expect(Object.keys(remote?.totals ?? {})).toEqual(Object.keys(local?.totals ?? {}));
    expect(await askBoth(apps, (app) => app.quota())).toEqual([undefined, undefined]);
  });

  test('answer alike: metrics, but for the time that passes in between', async () => {
    const { apps, app, host } = await world({ Procfile: 'worker: exec sleep 1000' });
    await logged(app, /from starting to up/);
    await fetch(host.url);
    await logged(app, /code=H14/);
    const [local, remote] = await Promise.all(apps.map((app) => app.metrics('5m')));
    expect(local).toMatchObject({
      window: '5m',
      stepMs: 1000,
      totals: { requests: 1, statuses: { '5xx': 1 } },
      points: [{ requests: 1 }],
      dynos: [{ dyno: 'worker.1', memoryQuota: 512 * 2 ** 20 }],
    });
    if (process.platform === 'linux')
      expect(local?.dynos[0]).toMatchObject({
        memory: expect.any(Number),
        points: [{ bytes: expect.any(Number) }],
      });
    expect(remote?.points).toEqual(local?.points);
    expect(remote?.marks).toEqual(local?.marks);
    expect(local?.marks.map(({ kind }) => kind)).toEqual(['release', 'scale', 'H14']);
  });

  test.each<readonly [code: string, Ask<unknown>]>([
    ['NO_SUCH_DYNO', (app) => app.restart({ kind: 'dyno', name: 'web.9' })],
    ['NO_SUCH_DYNO', (app) => app.stopDynos({ kind: 'type', type: 'wbe' })],
    ['NO_SUCH_DYNO', (app) => app.signalDyno({ dyno: 'web.9', signal: 'SIGKILL' })],
    ['NO_SUCH_DYNO', (app) => app.attach('web.9')],
    ['NO_SUCH_DYNO', (app) => app.attach('web')],
    ['NO_SUCH_DYNO', (app) => app.exec({ dyno: 'web.9', command: 'ls', env: {} })],
    ['UNKNOWN_TYPE', (app) => app.scale([{ type: 'wrker', quantity: { to: 2 } }])],
    ['TOO_FEW_DYNOS', (app) => app.scale([{ type: 'web', quantity: { by: -2 } }])],
    ['TOO_MANY_DYNOS', (app) => app.scale([{ type: 'web', quantity: { to: 9999 } }])],
    ['NO_SUCH_RELEASE', (app) => app.rollback(9)],
    ['NO_SUCH_RELEASE', (app) => app.configVars(9)],
    ['CANNOT_ROLL_BACK', (app) => app.rollback()],
    ['NO_SUCH_SLUG', (app) => app.release({ slug: 'other' })],
    ['NO_SUCH_SLUG', (app) => app.slug('other')],
    ['ONE_APP', (app) => app.deploy('/')],
    ['ONE_APP', (app) => app.deployArchive({ url: 'http://127.0.0.1/' })],
    ['ONE_APP', (app) => app.purgeBuildCache()],
    ['ONE_APP', (app) => app.cancelBuild('1')],
    ['ONE_APP', (app) => app.setBuildpacks([])],
    ['ONE_APP', (app) => app.addDomain('www.example.com')],
    ['ONE_APP', (app) => app.removeDomain('www.example.com')],
    ['NO_SUCH_FEATURE', (app) => app.setFeature('postboot', true)],
    ['NO_SUCH_FEATURE', (app) => app.feature('postboot')],
    ['INVALID_DRAIN_URL', (app) => app.addDrain('nowhere')],
    ['NO_SUCH_DRAIN', (app) => app.removeDrain('d.1')],
  ])('fail alike: %s', async (code, ask) => {
    const { apps } = await world();
    const [local, remote] = await askBoth(apps, ask);
    expect(local).toMatchObject({ name: 'UserError', code });
    expect(remote).toEqual(local);
  });

  test('fail alike where a size forbids it, and where the app never sleeps', async () => {
    const { host, app } = await startDemo(SLEEPERS, { isStrict: true });
    const control = await host.control.app('demo');
    const apps = [control, await new RemoteHost(host.address, 'secret').app('demo')];
    const asked: readonly Ask<unknown>[] = [
      (one) => one.scale([{ type: 'web', quantity: { to: 2 } }]),
      (one) => one.scale([{ type: 'web', quantity: { to: 0 } }]).then(() => one.sleep()),
      (one) => one.wake(),
    ];
    const codes = ['SIZE_LIMIT', 'NEVER_SLEEPS', 'NEVER_SLEEPS'];
    for (const [index, ask] of asked.entries()) {
      const [local, remote] = await askBoth(apps, ask);
      expect(local).toMatchObject({ name: 'UserError', code: codes[index] });
      expect(remote).toEqual(local);
    }
    await logged(app, /from starting to up/);
  });

  test('do alike: a dyno is killed, and the report begins anew', async () => {
    const { app, apps } = await world();
    await logged(app, /from starting to up/);
    const idOf = async (one: AppControl) => (await one.dynos()).find(({ name }) => name === 'worker.1')?.id;
    for (const one of apps) {
      const before = await idOf(one);
      await one.signalDyno({ dyno: 'worker.1', signal: 'SIGKILL' });
      await expect.poll(() => idOf(one)).not.toBe(before);
      await one.restart({ kind: 'all' });
      await expect.poll(async () => (await one.dynos()).every(({ pid }) => pid !== undefined)).toBe(true);
      await one.resetReport();
      expect(await one.report()).toMatchObject({ wakes: [], callers: [] });
    }
  });

  test('do alike: what one has done the other sees', async () => {
    const { apps } = await world();
    const [local, remote] = apps;
    for (const [one, other] of [
      [local, remote],
      [remote, local],
    ] as const) {
      const scaled = await one.scale([{ type: 'worker', quantity: { by: 1 } }]);
      expect(await other.formation()).toEqual(scaled);
      await one.setMaintenance(true);
      expect(await other.info()).toMatchObject({ isInMaintenance: true });
      await other.setMaintenance(false);
      expect(await one.setFeature('preboot', true)).toEqual(await other.feature('preboot'));
      const drain = await one.addDrain('https://logs.example.com/drain');
      expect(await other.drains()).toEqual([drain]);
      expect(await other.removeDrain(drain.url)).toEqual(drain);
    }
    expect(await local.formation()).toMatchObject([{ type: 'web' }, { type: 'worker', quantity: 3 }]);
  });

  test('release alike', async () => {
    const { apps } = await world();
    for (const [index, app] of apps.entries()) {
      const version = 2 + index * 3;
      const set = await app.setConfig({ A: `set ${index}`, B: null });
      expect(set).toMatchObject({ outcome: 'live', release: { version, isCurrent: true }, warnings: [] });
      expect(await app.configVars()).toEqual({
        A: { value: `set ${index}`, from: { kind: 'file', file: '.env' } },
      });
      expect(await app.setConfig({ A: `set ${index}` })).toMatchObject({ outcome: 'unchanged' });
      const back = await app.rollback(1);
      expect(back).toMatchObject({
        outcome: 'live',
        release: { description: 'Rollback to v1' },
        warnings: [expect.stringContaining('differs from the files')],
      });
      expect(await app.release({ description: 'Again' })).toMatchObject({
        outcome: 'live',
        release: { version: version + 2, description: 'Again', status: 'succeeded' },
      });
    }
  });

  test('run commands alike', async () => {
    const { app, apps } = await world();
    const request: RunRequest = { command: 'cat; echo "$A $B"; exit 3', env: { B: 'two' } };
    for (const control of apps) {
      const waiting = await control.runAttached(request);
      expect(waiting.dyno).toMatchObject({ type: 'run', state: 'starting', command: request.command });
      const session = await waiting.attach();
      expect(session.dyno).toBe(waiting.dyno.name);
      session.input.end('in ');
      let output = '';
      for await (const data of session.output) output += data.toString();
      expect([output, await session.status]).toEqual(['in 1 two\n', 3]);
      await session.close();
      expect(await outcome(waiting.attach())).toMatchObject({ name: expect.stringMatching(/Error/) });
      const detached = await control.runDetached({ command: 'echo done by $DYNO', env: {} });
      await logged(app, new RegExp(`done by ${detached.name}`));
    }
  });

  test('hang up a command whose client leaves', async () => {
    const { apps } = await world();
    for (const control of apps) {
      const session = await (await control.runAttached({ command: 'exec sleep 1000', env: {} })).attach();
      await session.close();
      const left = async () => (await control.dynos()).filter(({ name }) => name === session.dyno);
      await expect.poll(left).toEqual([]);
    }
  });

  test('attach alike: guests see what a dyno prints and type into its stdin, and their leaving ends nothing', async () => {
    const worker = 'printf "name? "; while read -r x; do printf "hello $x\\nname? "; done; echo over';
    const { app, apps } = await world({ Procfile: `worker: ${worker}\n` });
    await logged(app, /name\?/);
    const sessions = await Promise.all(apps.map((control) => control.attach('worker.1')));
    for (const [index, session] of sessions.entries()) {
      session.input.write(`${index}\n`);
      await Promise.all(sessions.map((one) => hears(one, `hello ${index}\nname? `)));
    }
    for (const session of sessions) {
      session.input.end();
      await session.close();
    }
    const [again] = await Promise.all(apps.map((control) => control.attach('worker.1')));
    if (!again) throw new Error('There is no session');
    again.input.write('again\n');
    expect(await hears(again, 'hello again\nname? ')).toBe('name? hello again\nname? ');
    await logged(app, /hello again/);
  });

  test('attach alike: Ctrl-C goes to the dyno, and the session ends with its run', async () => {
    const { app, apps } = await world({ Procfile: 'worker: echo up; exec sleep 1000\n' });
    for (const control of apps) {
      await logged(app, /from starting to up/);
      const session = await control.attach('worker.1');
      session.interrupt();
      for await (const _ of session.output);
      expect(await session.status).toBe(130);
      await control.restart({ kind: 'all' });
      await expect.poll(async () => (await control.dynos())[0]?.state).toBe('up');
    }
  });

  test('run commands beside a dyno alike: with its environment, and no longer than it', async () => {
    const { app, apps } = await world();
    await logged(app, /from starting to up/);
    for (const control of apps) {
      const port = (await control.dynos()).find(({ name }) => name === 'worker.1')?.port;
      const command = 'cat; echo "$DYNO $PORT $A $B"; exit 3';
      const session = await control.exec({ dyno: 'worker.1', command, env: { B: 'two' } });
      session.input.end('in ');
      let output = '';
      for await (const data of session.output) output += data;
      expect([output, await session.status]).toEqual([`in worker.1 ${port} 1 two\n`, 3]);

      const nap = uniqueNap();
      const stubborn = `trap "echo got TERM" TERM; echo ready; while :; do sleep ${nap} & wait; done`;
      const beside = await control.exec({ dyno: 'worker.1', command: stubborn, env: {} });
      await hears(beside, 'ready');
      await control.restart({ kind: 'dyno', name: 'worker.1' });
      for await (const _ of beside.output);
      expect(await beside.status).toBe(137);
      expect(processesWith(nap)).toEqual([]);
      await expect.poll(async () => (await control.dynos()).at(-1)?.state).toBe('up');
    }
  });

  test('hang up a command beside a dyno whose client leaves', async () => {
    const { apps, app } = await world();
    await logged(app, /from starting to up/);
    for (const control of apps) {
      const nap = uniqueNap();
      const session = await control.exec({ dyno: 'worker.1', command: `exec sleep ${nap}`, env: {} });
      await session.close();
      await untilGone(nap);
    }
  });

  test('fail alike where nothing runs that could be attached to', async () => {
    const { apps } = await world();
    await apps[0].sleep();
    const [local, remote] = await askBoth(apps, (app) => app.attach('web.1'));
    expect(local).toMatchObject({ code: 'NO_PROCESS', message: 'web.1 is idle and has no process' });
    expect(remote).toEqual(local);
    expect(await askBoth(apps, (app) => app.exec({ dyno: 'web.1', command: 'ls', env: {} }))).toEqual([
      local,
      local,
    ]);
  });

  test('read the same log: existing and new entries', async () => {
    const { app, apps } = await world();
    await logged(app, /from starting to up/);
    const filter = { lines: 5, tail: false, source: 'heroku', dyno: 'web.1' };
    const [local, remote] = await Promise.all(apps.map((control) => take(control.logs(filter, never), 9)));
    expect(local?.at(-1)).toMatchObject({ source: 'heroku', dyno: 'web.1', line: expect.any(String) });
    expect(remote).toEqual(JSON.parse(JSON.stringify(local)));
    const coming = apps.map((control) => take(control.logs({ lines: 1, tail: true }, never), 2));
    // Each has begun once it has the line that was there.
    for (const control of apps) await take(control.logs({ lines: 1, tail: true }, never), 1);
    app.remark('news');
    for (const entries of await Promise.all(coming)) expect(entries.at(-1)).toMatchObject({ line: 'news' });
  });

  test('end a log that is followed when the reader has had enough', async () => {
    const { apps } = await world();
    for (const control of apps) {
      const enough = new AbortController();
      for await (const _ of control.logs({ lines: 1, tail: true }, enough.signal)) enough.abort();
    }
  });
});

describe('the host and its client', () => {
  test('answer and fail alike', async () => {
    const { hosts } = await world();
    const [local, remote] = hosts;
    expect(await remote?.info()).toEqual(await local?.info());
    expect(await remote?.apps()).toEqual(await local?.apps());
    const { wall, platform, ...clock } = (await local?.clock()) ?? {};
    expect(await remote?.clock()).toMatchObject(clock);
    expect(platform).toBeCloseTo(Number(wall), -1);
    const asked: readonly ((host: HostControl) => Promise<unknown>)[] = [
      (host) => host.app('dmeo'),
      (host) => host.destroyApp('other'),
      (host) => host.advanceClock(-1),
      (host) => host.advanceClock(1e15),
    ];
    for (const ask of asked) {
      const [one, other] = await Promise.all(hosts.map((host) => outcome(ask(host))));
      expect(one).toMatchObject({ name: 'UserError' });
      expect(other).toEqual(one);
    }
  });

  test('move the clock alike', async () => {
    const { hosts } = await world({ Procfile: 'worker: exec sleep 1000' });
    let skippedMs = 0;
    for (const host of hosts) {
      const clock = await host.advanceClock(60_000);
      expect(clock.skippedMs).toBeGreaterThan(skippedMs + 50_000);
      skippedMs = clock.skippedMs;
    }
  });

  test('emit the same events', async () => {
    const { hosts, apps, app } = await world();
    await logged(app, /from starting to up/);
    const enough = new AbortController();
    const told = hosts.map((host) => until(host.events(enough.signal), isSecondWorkerUp));
    await apps[0].scale([{ type: 'worker', quantity: { to: 2 } }]);
    const [local, remote] = (await Promise.all(told)).map(withoutPast);
    expect(local?.at(0)).toMatchObject({ event: 'release', app: 'demo', version: 1, isCurrent: true });
    expect(local).toContainEqual({ event: 'current', apps: ['demo'] });
    expect(remote?.at(-1)).toEqual(local?.at(-1));
    enough.abort();
  });

  test('emit the same events to a reader that includes kinds', async () => {
    const { hosts, host, app } = await world({ Procfile: 'worker: exec sleep 1000' });
    await logged(app, /from starting to up/);
    const wanted = { app: 'demo', include: EVENT_KINDS };
    const enough = new AbortController();
    const told = hosts.map((control) =>
      until(control.events(enough.signal, wanted), ({ event }) => event === 'request'),
    );
    await fetch(host.url, { headers: { 'User-Agent': 'tester' } });
    const [local = [], remote = []] = await Promise.all(told);
    enough.abort();
    for (const kind of ['sleep', 'log', 'clock', 'metrics', 'mark', 'request'] as const) {
      const [one, other] = [local, remote].map((events) => events.find(({ event }) => event === kind));
      expect(one, kind).toBeDefined();
      expect(Object.keys(other ?? {}), kind).toEqual(Object.keys(one ?? {}));
    }
    expect(remote.at(-1)).toMatchObject({ event: 'request', userAgent: 'tester', isHeld: false });
    for (const [code, wrong] of [
      ['NO_SUCH_APP', { app: 'dmeo' }],
      ['BAD_REQUEST', JSON.parse('{"include":["sleep","log"]}')],
    ]) {
      const [one, other] = await Promise.all(
        hosts.map((control) => outcome(until(control.events(never, wrong), () => false))),
      );
      expect(one).toMatchObject({ code });
      expect(other).toEqual(one);
    }
  });

  test('stop', async () => {
    const { hosts } = await world();
    for (const host of hosts) await host.stop();
  });
});

/** Output of a session until it contains a text. */
async function hears({ output }: Session, text: string): Promise<string> {
  let heard = '';
  const reader = output[Symbol.asyncIterator]();
  while (!heard.includes(text)) {
    const { value, done } = await reader.next();
    if (done) throw new Error(`The output ended before ${JSON.stringify(text)}: ${heard}`);
    heard += value;
  }
  return heard;
}

function isSecondWorkerUp(event: HostEvent): boolean {
  return event.event === 'dyno' && event.name === 'worker.2' && event.state === 'up';
}

/** Times are whole milliseconds on the wire. */
function withoutPast(events: readonly HostEvent[]): readonly unknown[] {
  return JSON.parse(
    JSON.stringify(events, (key, value) =>
      key === 'since' || key === 'createdAt' ? Math.trunc(value) : value,
    ),
  );
}

/** Entries until there are as many. */
async function take(
  batches: AsyncIterable<readonly LogEntry[]>,
  count: number,
): Promise<readonly LogEntry[]> {
  const taken: LogEntry[] = [];
  for await (const entries of batches) {
    taken.push(...entries);
    if (taken.length >= count) break;
  }
  return taken;
}

async function until(
  events: AsyncIterable<HostEvent>,
  isLast: (event: HostEvent) => boolean,
): Promise<readonly HostEvent[]> {
  const seen: HostEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    if (isLast(event)) break;
  }
  return seen;
}
