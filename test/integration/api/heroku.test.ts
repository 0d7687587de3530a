import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logged } from '../../helpers/start-host.js';
import { call, SLEEPERS, settled, startDemo } from './world.js';

describe('the formation', () => {
  test('is listed by type', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { status, body } = await call(host, 'GET', '/apps/demo/formation');
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { type: 'web', quantity: 1, size: 'Eco', command: 'exec sleep 1000' },
      { type: 'worker', quantity: 1, size: 'Eco' },
    ]);
  });

  test('takes several changes at once, as the CLI sends them', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    const updates = [
      { type: 'web', quantity: '2' },
      { type: 'worker', quantity: '+1', size: 'standard-1x' },
    ];
    const { body } = await call(host, 'PATCH', '/apps/demo/formation', { body: { updates } });
    expect(body).toMatchObject([
      { type: 'web', quantity: 2, size: 'Eco' },
      { type: 'worker', quantity: 2, size: 'Standard-1X' },
    ]);
    await logged(app, /^Scaled to web@2:Eco worker@2:Standard-1X by user you@example\.com$/);
  });

  test('of one type can be read and changed alone', async () => {
    const { host } = await startDemo(SLEEPERS);
    const changed = await call(host, 'PATCH', '/apps/demo/formation/worker', { body: { quantity: 3 } });
    expect(changed.body).toMatchObject({ type: 'worker', quantity: 3 });
    expect((await call(host, 'GET', '/apps/demo/formation/worker')).body).toMatchObject({ quantity: 3 });
  });

  test('scaling does not touch the dynos that stay', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000' });
    const pidOf = async (name: string) =>
      ((await call(host, 'GET', `/apps/demo/dynos/${name}`)).body as { dynosim: { pid: number } }).dynosim
        .pid;
    const scale = (quantity: number) =>
      call(host, 'PATCH', '/apps/demo/formation/worker', { body: { quantity } });
    await settled(app);
    const pid = await pidOf('worker.1');
    for (const quantity of [3, 2, 5, 1]) await scale(quantity);
    await settled(app);
    expect(await pidOf('worker.1')).toBe(pid);
  });
});

describe('dynos', () => {
  test('are listed with what dynosim knows beyond Heroku', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000' });
    await settled(app);
    const { body } = await call(host, 'GET', '/apps/demo/dynos');
    expect(body).toMatchObject([
      {
        name: 'worker.1',
        type: 'worker',
        state: 'up',
        size: 'Eco',
        release: { version: 1 },
        dynosim: { pid: expect.any(Number), port: expect.any(Number), memory: expect.any(Number) },
      },
    ]);
  });

  test.each([
    ['DELETE', '/apps/demo/dynos/worker.1'],
    ['DELETE', '/apps/demo/dynos'],
    ['DELETE', '/apps/demo/formations/worker'],
    ['POST', '/apps/demo/dynos/worker.1/actions/restart'],
  ])('restart by %s %s', async (method, path) => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000' });
    await settled(app);
    const before = app.dynos.views()[0]?.pid;
    expect((await call(host, method, path)).status).toBe(202);
    await logged(app, /^Restarting$/);
    await settled(app);
    expect(app.dynos.views()[0]).toMatchObject({ state: 'up' });
    expect(app.dynos.views()[0]?.pid).not.toBe(before);
  });

  test.each(['/apps/demo/dynos/worker.1/actions/stop', '/apps/demo/formations/worker/actions/stop'])(
    'stopped by %s come back',
    async (path) => {
      const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000' });
      await settled(app);
      expect((await call(host, 'POST', path)).status).toBe(202);
      await logged(app, /^State changed from up to down$/);
      await logged(app, /^State changed from down to starting$/);
      await settled(app);
      expect(app.dynos.views()).toMatchObject([{ name: 'worker.1', state: 'up' }]);
    },
  );
});

describe('releases', () => {
  test('newest first, and no more than asked for', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    await app.releases.rollback().catch(() => {});
    const headers = { Range: 'version ..; max=1, order=desc' };
    const first = await call(host, 'GET', '/apps/demo/releases', { headers });
    expect(first.body).toMatchObject([{ version: 1, current: true, status: 'succeeded' }]);
    expect(first.status).toBe(200);
  });

  test('rolling back makes a new release, and reports differences from the files', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    await app.releases.updateConfigVars(new Map([['A', '2']]));
    const { status, body } = await call(host, 'POST', '/apps/demo/releases', { body: { release: '1' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({ version: 3, description: 'Rollback to v1', current: true });
    expect((await call(host, 'GET', '/apps/demo/config-vars')).body).toEqual({ A: '1' });
    await logged(app, /^what runs now differs from the files: Set A config vars$/);
  });

  test('are answered before their commands run, and say how to read what those print', async () => {
    const { host, app } = await startDemo(
      {
        Procfile:
          'release: echo "for $A"; [ "$A" = 1 ] || until [ -e "$A" ]; do read -t 0.01; done; test "$A" != bad\n' +
          'worker: exec sleep 1000\n',
        '.env': 'A=1\n',
      },
      { hasReleasePhase: true },
    );
    const release = async (version: number) =>
      (await call(host, 'GET', `/apps/demo/releases/${version}`)).body as { output_stream_url: string };
    const printed = async (version: number) =>
      (await call(host, 'GET', new URL((await release(version)).output_stream_url).pathname)).body;

    const set = await call(host, 'PATCH', '/apps/demo/config-vars', { body: { A: 'good' } });
    expect(set).toMatchObject({ status: 200, body: { A: 'good' } });
    expect(await release(2)).toMatchObject({ status: 'pending', current: false });
    writeFileSync(join(app.dir, 'good'), '');
    expect(await printed(2)).toBe('for good\n');
    // What has been printed to its end is decided.
    expect(await release(2)).toMatchObject({ status: 'succeeded', current: true });

    await call(host, 'PATCH', '/apps/demo/config-vars', { body: { A: 'bad' } });
    writeFileSync(join(app.dir, 'bad'), '');
    expect(await printed(3)).toBe('for bad\n');
    expect(await release(3)).toMatchObject({ status: 'failed', current: false });

    writeFileSync(join(app.dir, '.env'), 'A=3\n');
    await logged(app, /^Running release v4 commands/);
    writeFileSync(join(app.dir, '3'), '');
    await logged(app, /^Release v4 created/);
    rmSync(join(app.dir, 'good'));
    const back = await call(host, 'POST', '/apps/demo/releases', { body: { release: 'v2' } });
    expect(back).toMatchObject({ status: 201, body: { version: 5, status: 'pending' } });
    writeFileSync(join(app.dir, 'good'), '');
    expect(await printed(5)).toBe('for good\n');
    expect(await release(5)).toMatchObject({ status: 'succeeded', current: true });
  });

  test('pages continue where the last one ended', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    for (const value of ['2', '3', '4']) await app.releases.updateConfigVars(new Map([['A', value]]));
    const versions: number[] = [];
    let range: string | undefined = 'version ..; order=desc,max=3';
    while (range !== undefined) {
      const { body, headers, status } = await call(host, 'GET', '/apps/demo/releases', {
        headers: { Range: range },
      });
      versions.push(...(body as { version: number }[]).map(({ version }) => version));
      range = headers['next-range'] as string | undefined;
      expect(status).toBe(range === undefined ? 200 : 206);
    }
    expect(versions).toEqual([4, 3, 2, 1]);
  });
});

describe('config vars', () => {
  test('are set in the file and in all dynos, by one release', async () => {
    const { host, app } = await startDemo({
      Procfile: 'worker: echo "A is $A, B is $B"; exec sleep 1000',
      '.env': '# mine\nA=1 # first\n',
    });
    await logged(app, /^A is 1, B is $/);
    const { status, body } = await call(host, 'PATCH', '/apps/demo/config-vars', {
      body: { A: 'two words', B: '3' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({ A: 'two words', B: '3' });
    await logged(app, /^A is two words, B is 3$/);
    await logged(app, /^Set A, B config vars by user you@example\.com$/);
    expect(readFileSync(join(app.dir, '.env'), 'utf8')).toMatch(/^# mine\nA=.two words. # first\nB=3\n$/);
    expect(app.release.version).toBe(2);
  });

  test('are removed by null', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000', '.env': 'A=1\nB=2\n' });
    await call(host, 'PATCH', '/apps/demo/config-vars', { body: { A: null } });
    expect(readFileSync(join(app.dir, '.env'), 'utf8')).toBe('B=2\n');
    await logged(app, /^Remove A config vars by user/);
  });

  test('that change nothing make no release', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000', '.env': 'A=1\n' });
    await call(host, 'PATCH', '/apps/demo/config-vars', { body: { A: '1', GONE: null } });
    expect(app.release.version).toBe(1);
  });

  test('that cannot be written are refused, and nothing changes', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000', '.env': 'A=1\n' });
    const impossible = { A: '2', B: `a\nb"c'd\`e` };
    const { status, body } = await call(host, 'PATCH', '/apps/demo/config-vars', { body: impossible });
    expect(status).toBe(422);
    expect(body).toMatchObject({ message: expect.stringContaining('B') });
    expect(readFileSync(join(app.dir, '.env'), 'utf8')).toBe('A=1\n');
    expect(app.release.version).toBe(1);
  });

  test('after a rollback, only the requested ones change', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000', '.env': 'A=1\n' });
    await call(host, 'PATCH', '/apps/demo/config-vars', { body: { A: '2' } });
    await call(host, 'POST', '/apps/demo/releases', { body: { release: 'v1' } });
    const { body } = await call(host, 'PATCH', '/apps/demo/config-vars', { body: { B: '5' } });
    expect(body).toEqual({ A: '1', B: '5' });
    expect(readFileSync(join(app.dir, '.env'), 'utf8')).toBe('A=2\nB=5\n');
  });
});

describe('maintenance', () => {
  test('answers every request with H80 while dynos go on running', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    await call(host, 'PATCH', '/apps/demo', { body: { maintenance: true } });
    expect((await fetch(host.url)).status).toBe(503);
    await logged(app, /^at=info code=H80 desc="Maintenance mode"/);
    expect((await call(host, 'GET', '/apps/demo')).body).toMatchObject({ maintenance: true });
    await call(host, 'PATCH', '/apps/demo', { body: { maintenance: false } });
    expect(app.dynos.views().every(({ state }) => state !== 'down')).toBe(true);
  });
});

describe('logs', () => {
  const session = async (host: Parameters<typeof call>[0], body: object): Promise<string> =>
    ((await call(host, 'POST', '/apps/demo/log-sessions', { body })).body as { logplex_url: string })
      .logplex_url;

  test('of the past come as server-sent events, and end', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: echo one; echo two; exec sleep 1000' });
    await logged(app, /^two$/);
    const response = await fetch(await session(host, { lines: 2, source: 'app', dyno: 'worker.1' }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect((await response.text()).split('\n').filter((line) => line.startsWith('data: '))).toEqual([
      expect.stringMatching(/^data: \d{4}-.*\+00:00 app\[worker\.1\]: one$/),
      expect.stringMatching(/app\[worker\.1\]: two$/),
    ]);
  });

  test('go on while they are tailed, without a gap and without a repetition', async () => {
    const { host, app } = await startDemo({
      Procfile: 'worker: for i in $(seq 500); do echo $i; done; exec sleep 1000',
    });
    const response = await fetch(
      await session(host, { lines: 1500, tail: true, type: 'worker', source: 'app' }),
    );
    let seen = '';
    for await (const chunk of response.body ?? []) {
      seen += Buffer.from(chunk).toString();
      if (/: 500$/m.test(seen)) break;
    }
    const numbers = [...seen.matchAll(/\]: (\d+)$/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(app.logs.recent(1500).length).toBeGreaterThan(500);
  });

  test('to a reader that lags lack the oldest lines, and say how many', async () => {
    const { host, app } = await startDemo({
      Procfile: 'worker: until [ -e go ]; do sleep 0.05; done; seq 1 200000; echo the end; exec sleep 1000',
    });
    const url = await session(host, { lines: 0, tail: true });
    const [response] = (await once(get(url), 'response')) as [IncomingMessage];
    writeFileSync(join(app.dir, 'go'), '');
    await logged(app, /^the end$/);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      if (/the end$/m.test(text)) break;
    }
    const numbers = [...text.matchAll(/worker\.1\]: (\d+)$/gm)].map(([, number]) => Number(number));
    const dropped = [...text.matchAll(/Error L11 \(Tail buffer overflow\) -> .* dropped (\d+) messages/g)];
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.at(-1)).toBe(200_000);
    const lost = dropped.reduce((sum, [, count]) => sum + Number(count), 0);
    expect(lost).toBeGreaterThan(0);
    expect(numbers.length + lost).toBe(200_000);
  });

  test('a stream needs no token but its own id', async () => {
    const { host } = await startDemo(SLEEPERS);
    expect((await fetch(`${host.apiUrl}/log-stream/guessed`)).status).toBe(404);
  });
});

describe('the clock', () => {
  test('moves a crashed dyno through its cool-off', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exit 1' });
    await logged(app, /crashed 2 times in a row/);
    for (const ms of [-1, '1', null, 1e300])
      expect((await call(host, 'POST', '/dynosim/clock/advance', { body: { ms } })).status).toBe(422);
    const { body } = await call(host, 'POST', '/dynosim/clock/advance', { body: { ms: 21 * 60_000 } });
    expect(body).toMatchObject({ speed: 1, skippedMs: expect.any(Number) });
    await logged(app, /crashed 3 times in a row/);
    expect(app.dynos.views()).toMatchObject([{ state: 'crashed' }]);
  });
});
