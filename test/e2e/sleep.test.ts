import { describe, expect, test } from 'vitest';
import { run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { processesWith, uniqueNap } from '../helpers/processes.js';
import { done, failed, startApp } from './commands-world.js';

/** Answers with how many requests this process has had, and when the router got this one. */
const COUNTER = `
  let count = 0;
  require('node:http')
    .createServer((req, res) => res.end(JSON.stringify({ count: ++count, late: Date.now() - req.headers['x-request-start'] })))
    .listen(process.env.PORT);`;

interface Answer {
  readonly count: number;
  readonly late: number;
}

const FILES = { 'web.js': COUNTER, Procfile: 'web: exec node web.js\nworker: exec sleep 1000\n' };

async function startAsleep(args: readonly string[], files: Readonly<Record<string, string>> = FILES) {
  const two = await startApp(files, args);
  await two.type('ps:wait');
  expect(await two.type('ps:sleep')).toMatchObject({ status: 0 });
  const get = async () => (await fetch(two.ready.router)).json() as Promise<Answer>;
  return { ...two, get };
}

describe('an app on eco dynos', () => {
  test('sleeps when platform time has passed, and one request wakes all of it', async () => {
    const { type, dynos, app, ready } = await startApp(FILES, ['--wake-delay', '200ms']);
    const get = async () => (await fetch(ready.router)).json() as Promise<Answer>;
    await type('ps:wait');
    expect(await get()).toMatchObject({ count: 1 });
    expect(await type('clock:advance', '31m')).toMatchObject({ status: 0 });
    expect(await dynos()).toMatchObject({
      'web.1': { state: 'idle', dynosim: { pid: null, port: null } },
      'worker.1': { state: 'idle', dynosim: { pid: null } },
    });
    const answers = await Promise.all(Array.from({ length: 20 }, get));
    expect(answers.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
      answers.map((_, index) => index + 1),
    );
    for (const { late } of answers) expect(late).toBeGreaterThanOrEqual(190);
    await app.printed(/woken by GET \/ \(node\), held \d+\.\d s = \d+\.\d s delay \+ \d+\.\d s boot/);
    expect(app.stdout.match(/"web\.1","line":"Unidling"/g)).toHaveLength(1);
    await type('ps:wait');
    expect(await dynos()).toMatchObject({ 'web.1': { state: 'up' }, 'worker.1': { state: 'up' } });
  });

  test('is not waited for while it sleeps', async () => {
    const { type } = await startAsleep(['--no-wake-delay']);
    expect(await type('ps:wait')).toMatchObject(failed('The app sleeps. Wake it: dynosim ps:wake'));
    expect((await type('ps:sleep')).stderr).toMatch(/ to sleep\.\.\. it was asleep already\n$/);
    expect((await type('ps:wake')).stderr).toMatch(/^Waking .*\.\.\. done\n$/);
    expect((await type('ps:wake')).stderr).toMatch(/^Waking .*\.\.\. it was awake already\n$/);
  });

  test('is up when ps:wake says so', async () => {
    const { type, dynos } = await startAsleep(['--wake-delay', '200ms']);
    const woken = await type('ps:wake');
    expect(await dynos()).toMatchObject({ 'web.1': { state: 'up' }, 'worker.1': { state: 'up' } });
    expect(woken).toMatchObject(done('', /^Waking .*\.\.\. done\n$/));
  });

  test('fails ps:wake if it crashes', async () => {
    const { type } = await startAsleep(['--no-wake-delay'], {
      Procfile: 'web: [ -e broken ] && exit 1; touch broken; exec node web.js\n',
      'web.js': COUNTER,
    });
    expect(await type('ps:wake')).toMatchObject(failed('web.1 crashed. See why: dynosim logs --dyno web.1'));
  });

  test('leaves no process while it sleeps', async () => {
    const nap = uniqueNap();
    const { app } = await startAsleep([], {
      Procfile: `web: sleep ${nap} & exec python3 -m http.server $PORT || true\nworker: exec sleep ${nap}\n`,
    });
    await app.printed(/"worker\.1","line":"Process exited/);
    await app.printed(/"web\.1","line":"Process exited/);
    expect(processesWith(nap)).toEqual([]);
  });

  test('--no-wake-delay leaves the boot alone', async () => {
    const { get, type } = await startAsleep(['--no-wake-delay']);
    await get();
    const { wakes } = JSON.parse((await type('report', '--json')).stdout);
    expect(wakes).toMatchObject([{ held: 1, method: 'GET', path: '/', bootMs: expect.any(Number) }]);
    expect(wakes[0].delayMs).toBeLessThan(5000);
  });

  test('--speed makes half an hour short', async () => {
    const { app } = await startApp(FILES, ['--speed', '36000']);
    await app.printed(/"web\.1","line":"Idling"/);
  });

  test('a crash during boot is an H10 for waiting requests', async () => {
    const { ready, app } = await startAsleep(['--no-wake-delay'], {
      Procfile: 'web: [ -e broken ] && exit 1; touch broken; exec node web.js\n',
      'web.js': COUNTER,
    });
    expect((await fetch(ready.router)).status).toBe(503);
    await app.printed(/code=H10/);
    await app.printed(/woken by GET \/ \(node\), but the web dyno crashed/);
  });

  test('that has used up its hours gets H82', async () => {
    const { app, type, ready } = await startApp(FILES, ['--quota', '1h']);
    await type('ps:wait');
    await type('clock:advance', '20m');
    await fetch(ready.router);
    await type('clock:advance', '45m');
    await app.printed(/this month's dyno hours are used up/);
    expect((await fetch(ready.router)).status).toBe(503);
    await app.printed(/at=info code=H82/);
    expect((await type('ps')).stdout).toMatch(
      /^Eco dyno hours: 0h 0m left this month \(0%\), 1h \d+m used by this app\n$/m,
    );
    expect(await type('ps:wake')).toMatchObject(
      failed(
        "This month's dyno hours are used up: eco dynos sleep until the month ends. Start with a larger quota: dynosim start --quota 1000h",
      ),
    );
  });

  test('is mentioned in the first lines, by ps, and by report', async () => {
    const { app, get, type } = await startAsleep(['--wake-delay', '100ms']);
    expect(app.stderr).toContain(
      'Sleeps after 30m without requests, workers too. Never: --sleep-after never',
    );
    await get();
    expect((await type('ps')).stdout).toMatch(
      /\nEco dyno hours: 999h 59m left this month \(99%\), 0h 0m used by this app\n$/,
    );
    const [entry] = await app.printed(/^.*"isHeld":true.*$/m);
    const { totalMs, ...parts } = JSON.parse(entry).router.timeline;
    expect(parts.delayMs).toBeGreaterThanOrEqual(99);
    expect(parts.bootMs).toBeGreaterThan(0);
    const sum = Object.values<number>(parts).reduce((all, ms) => all + ms, 0);
    expect(Math.abs(totalMs - sum)).toBeLessThan(1);
    const metrics = JSON.parse((await type('metrics', '--window', '5m', '--json')).stdout);
    expect(metrics.totals).toMatchObject({ requests: 1, held: 1, statuses: { '2xx': 1 } });
    expect(metrics.marks.map(({ kind }: { readonly kind: string }) => kind)).toEqual(
      expect.arrayContaining(['release', 'sleep', 'wake']),
    );
    const { stdout } = await type('report');
    expect(stdout).toMatch(/^=== Wakes \(1\)$/m);
    expect(stdout).toMatch(/GET \/ node$/m);
    expect(stdout).toMatch(/^ *\d+% +1 request {3}node$/m);
  });
});

describe('an app on other dynos', () => {
  test('never sleeps, but is restarted once a day; its hours are not mentioned', async () => {
    const { app, type, ready } = await startApp(FILES, ['--size', 'basic']);
    await type('ps:wait');
    await type('clock:advance', '28h');
    await app.printed(/"web\.1","line":"Cycling"/);
    expect((await fetch(ready.router)).status).toBe(200);
    expect(app.stderr).not.toContain('Sleeps after');
    expect((await type('ps')).stdout).toMatch(/^=== web \(Basic\)/);
    expect(await type('ps:sleep')).toMatchObject({
      status: 1,
      stderr: 'dynosim: Only apps with Eco web dynos sleep. See them: dynosim ps:type\n',
    });
    expect((await app.stop()).stdout.match(/"web\.1","line":"Cycling"/g)).toHaveLength(1);
  });
});

test.each([
  ['--sleep-after', 'soon'],
  ['--wake-delay', 'x'],
  ['--quota', '10'],
])('%s %s is refused in one line', async (flag, value) => {
  const dir = makeFolder({ Procfile: 'web: node web.js\n' });
  const { status, stderr } = await run(['start', '-d', dir, '-p', '0', flag, value]);
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^dynosim: ${flag}: "${value}" is not a duration\\. [^\\n]+\\n$`));
});
