import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApp, type TestApp, type TestAppOptions } from '../../../src/testing.js';
import { EXAMPLES } from '../../helpers/dynosim.js';
import { makeFolder } from '../../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../../helpers/processes.js';

/** One app for all tests below, each of which leaves it as it was. */
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ dir: join(EXAMPLES, 'sleepy-counter'), env: { GREETING: 'Hello' } });
});
afterAll(() => app.stop());

const states = async () => Object.fromEntries((await app.dynos()).map(({ name, state }) => [name, state]));
const allUp = { 'web.1': 'up', 'clock.1': 'up' };

describe('an app under test', () => {
  test('is up, at a port of its own', async () => {
    expect(await states()).toEqual(allUp);
    expect(app).toMatchObject({
      name: 'sleepy-counter',
      url: `http://127.0.0.1:${app.port}`,
      httpsUrl: `https://localhost:${app.port}`,
    });
    expect(await (await app.fetch('/')).text()).toMatch(/^This process has counted to \d+\n$/);
  });

  test('sleeps when platform time has passed, although no body was read, and wakes by a request', async () => {
    await app.fetch('/page');
    await app.advance('31m');
    expect(await app.dyno('web.1')).toMatchObject({ state: 'idle', pid: null });
    await app.fetch('/');
    const { wakes } = await app.report();
    expect(wakes.at(-1)).toMatchObject({ method: 'GET', path: '/' });
    const waker = app.logs.findLast(({ router }) => router)?.router;
    expect(waker).toMatchObject({ path: '/', isHeld: true });
    expect(waker?.timeline.bootMs).toBeGreaterThan(0);
    await app.up();
  });

  test('sleeps and wakes at once when told so', async () => {
    await app.sleep();
    expect(await states()).toEqual({ 'web.1': 'idle', 'clock.1': 'idle' });
    await expect(app.up()).rejects.toMatchObject({ code: 'ASLEEP' });
    await app.wake();
    await app.up();
    expect(await states()).toEqual(allUp);
  });

  test('has other numbers of dynos when it is scaled', async () => {
    await app.scale({ web: 2, clock: 0 });
    await app.up('web');
    expect(await states()).toEqual({ 'web.1': 'up', 'web.2': 'up' });
    await app.scale({ web: 1, clock: 1 });
    await app.settled();
    expect(await states()).toEqual(allUp);
  });

  test('has new processes after a restart, of the dynos that were meant', async () => {
    const [web, clock] = [await app.dyno('web.1'), await app.dyno('clock.1')];
    await app.restart('web');
    const { pid } = await app.dyno('web.1');
    expect(pid).not.toBe(web.pid);
    expect(pid).not.toBeNull();
    expect((await app.dyno('clock.1')).pid).toBe(clock.pid);
    await app.up();
  });

  test('settles after a restart that nobody has waited for', async () => {
    const { pid } = await app.dyno('web.1');
    void app.restart();
    await app.settled();
    expect(await states()).toEqual(allUp);
    expect((await app.dyno('web.1')).pid).not.toBe(pid);
  });

  test('crashes when it is killed, and starts again', async () => {
    const { pid } = await app.dyno('web.1');
    await app.kill('web.1');
    await app.up();
    expect((await app.dyno('web.1')).pid).not.toBe(pid);
    const crash = await app.waitForLog(/^Process exited with status 137$/);
    expect(crash).toMatchObject({ source: 'heroku', dyno: 'web.1' });
    // Or the next crash would be the second one in a row.
    await app.restart('web.1');
    await app.settled();
  });

  test('runs commands with its config vars', async () => {
    expect(await app.run('echo $GREETING $MORE; cat; exit 3', { input: 'in', env: { MORE: '!' } })).toEqual({
      status: 3,
      output: 'Hello !\nin',
    });
  });

  test('has other config vars after a release, and as many restarts', async () => {
    expect(await app.config()).toEqual({ GREETING: 'Hello' });
    const { pid } = await app.dyno('web.1');
    expect(await app.config({ GREETING: null, NAME: 'Ada' })).toEqual({ NAME: 'Ada' });
    expect(await app.dyno('web.1')).toMatchObject({ release: 2, pid: expect.not.toBeOneOf([pid, null]) });
    expect(await app.run('echo $GREETING $NAME')).toEqual({ status: 0, output: 'Ada\n' });
    const before = await app.dyno('web.1');
    expect(await app.config({ NAME: 'Ada' })).toEqual({ NAME: 'Ada' });
    expect((await app.dyno('web.1')).pid).toBe(before.pid);
    await app.up();
  });

  test('begins anew when it is reset', async () => {
    await app.config({ NAME: 'Bob' });
    await app.scale({ web: 2, clock: 0 });
    await app.up();
    await app.fetch('/');
    await app.advance('1001h');
    expect((await app.dyno('web.1')).state).toBe('idle');
    const said = app.logs.length;
    await app.reset();
    expect(await states()).toEqual(allUp);
    expect(await app.config()).toEqual({ GREETING: 'Hello' });
    expect(await app.report()).toMatchObject({ wakes: [], callers: [], totals: { hoursSaved: 0 } });
    expect(app.logs.length).toBeLessThan(said);
    expect(await (await app.fetch('/')).text()).toBe('This process has counted to 1\n');
    // What was used before the reset is not counted.
    await app.advance('29m');
    expect(await states()).toEqual(allUp);
    await app.advance('2m');
    expect((await app.dyno('web.1')).state).toBe('idle');
    await app.reset();
  });

  test('waits for a line, and finds an earlier one', async () => {
    const entry = await app.waitForLog('Listening on port');
    expect(entry).toMatchObject({ source: 'app', dyno: 'web.1' });
    expect(app.logs).toContainEqual(entry);
    const coming = app.waitForLog(/^Idling$/g);
    await app.sleep();
    expect(await coming).toMatchObject({ source: 'heroku', line: 'Idling' });
    await app.reset();
  });

  test('has answered more requests than an error shows lines', async () => {
    await Promise.all(Array.from({ length: 25 }, () => app.fetch('/')));
    await app.settled();
    expect(app.logs.length).toBeGreaterThan(25);
  });

  test.each<readonly [code: string, (app: TestApp) => Promise<unknown>, message: RegExp]>([
    [
      'NOT_LOGGED',
      (one) => one.waitForLog(/never/, { timeout: 1 }),
      /No line has matched \/never\/ within 1ms/,
    ],
    ['NO_SUCH_DYNO', (one) => one.dyno('web.9'), /There is no dyno web\.9\nThere are: web\.1, clock\.1/],
    ['NO_SUCH_DYNO', (one) => one.up('wbe'), /wbe/],
    ['NO_SUCH_DYNO', (one) => one.restart('wbe'), /wbe.*\nDid you mean web\?/],
    ['NO_SUCH_DYNO', (one) => one.kill('web.9'), /web\.9/],
    ['UNKNOWN_TYPE', (one) => one.scale({ wbe: 2 }), /wbe=2.*\nDid you mean web\?/],
    [
      'BAD_OPTION',
      (one) => one.scale({ web: -1 }),
      /formation\.web must be a whole number from 0, and is -1/,
    ],
    ['BAD_DURATION', (one) => one.advance('soon'), /"soon" is not a duration/],
    ['BAD_OPTION', (one) => one.kill('web.1', 'SIGSTOP' as 'SIGKILL'), /signal must be 'SIGKILL', 'SIGTERM'/],
    ['BAD_OPTION', (one) => one.run('true', { stdin: '' } as object), /There is no option run\.stdin/],
    ['BAD_CONFIG_VAR', (one) => one.config({ 'A B': '' }), /`A B` is not a name for a config var/],
  ])('rejects with %s and the last lines of its log', async (code, ask, message) => {
    const error: Error = await ask(app).then(
      () => expect.unreachable(),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ name: 'UserError', code, message: expect.stringMatching(message) });
    const lines = app.logs.slice(-20).map(({ source, dyno, line }) => `  ${source}[${dyno}]: ${line}`);
    expect(error.message.split('\n').slice(-21)).toEqual(["The last lines of the app's log:", ...lines]);
    expect(error.stack).toContain(error.message);
    // Where the test has called it.
    expect(error.stack).toContain(import.meta.filename);
  });

  test('says the last lines when a request fails, too', async () => {
    await expect(app.fetch('/', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
      message: expect.stringContaining("The last lines of the app's log:"),
    });
  });
});

/** Apps of these files; they stop with the test. */
async function start(files: Readonly<Record<string, string>>, options: Partial<TestAppOptions> = {}) {
  const one = await startApp({ dir: makeFolder(files), ...options });
  onTestFinished(() => one.stop());
  return one;
}

describe('startApp', () => {
  test('runs processes that no Procfile names, of another size and number, with config vars of any file', async () => {
    const one = await start(
      { 'a.env': 'A=file\nB=file\n', '.env': 'C=1\n' },
      {
        processes: { worker: 'exec sleep 600', other: 'exec sleep 600' },
        env: { B: 'option' },
        envFiles: ['a.env'],
        formation: { worker: 2 },
        size: { worker: 'standard-2x' },
      },
    );
    expect((await one.dynos()).map(({ name, size, state }) => [name, size, state])).toEqual([
      ['worker.1', 'Standard-2X', 'up'],
      ['worker.2', 'Standard-2X', 'up'],
      ['other.1', 'Eco', 'up'],
    ]);
    expect(await one.config()).toEqual({ A: 'file', B: 'option' });
  });

  test('reads no env file when told so, and an `.env` otherwise', async () => {
    const files = { Procfile: 'worker: exec sleep 600\n', '.env': 'C=1\n' };
    expect(await (await start(files, { envFiles: false })).config()).toEqual({});
    expect(await (await start(files)).config()).toEqual({ C: '1' });
  });

  test('rejects at once if a dyno crashes, with its last words, and leaves nothing', async () => {
    const nap = uniqueNap();
    const processes = { web: `exec sleep ${nap}`, worker: "echo 'no DATABASE_URL'; exit 3" };
    await expect(start({}, { processes })).rejects.toMatchObject({
      code: 'DYNO_CRASHED',
      message: expect.stringMatching(/^worker\.1 has crashed\n.*\n {2}app\[worker\.1]: no DATABASE_URL\n/s),
    });
    expect(processesWith(nap)).toEqual([]);
  });

  test('waits for nothing when told so', async () => {
    const one = await start({}, { processes: { web: 'exec sleep 600' }, waitFor: 'nothing' });
    expect(await one.dyno('web.1')).toMatchObject({ state: 'starting' });
  });

  test('is rejected when its signal is aborted, and stops what it has started', async () => {
    const nap = uniqueNap();
    const abort = new AbortController();
    const starting = start({}, { processes: { web: `exec sleep ${nap}` }, signal: abort.signal });
    while (processesWith(nap).length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error('enough'));
    await expect(starting).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    await untilGone(nap);
    await expect(startApp({ dir: '.', signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('is rejected when its signal is aborted, although it need not wait until the app is up', async () => {
    const abort = new AbortController();
    const options = {
      processes: { web: 'exec sleep 600' },
      waitFor: 'nothing',
      signal: abort.signal,
    } as const;
    const starting = start({}, options);
    abort.abort();
    await expect(starting).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('leaves an app that its signal stops as one that has been stopped', async () => {
    const abort = new AbortController();
    const one = await start({}, { processes: { worker: 'exec sleep 600' }, signal: abort.signal });
    const waiting = one.waitForLog('never');
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'STOPPED' });
    await expect(one.dynos()).rejects.toMatchObject({ code: 'STOPPED' });
    expect(one.stop()).toBe(one.stop());
    await one.stop();
    expect(one.logs.at(-1)?.line).toMatch(/^Process exited with status 143$/);
  });

  test.each<readonly [options: object, message: RegExp]>([
    [{}, /The option dir is missing/],
    [{ dir: '/nowhere' }, /The option dir: There is no folder \/nowhere/],
    [{ dir: '.', procfile: 'Procfyle' }, /The option procfile: There is no Procfyle/],
    [{ dir: '.', processes: { 'a b': 'x' } }, /The option processes\.a b cannot be `x`/],
    [{ dir: '.', processes: {} }, /The option processes is empty/],
    [{ dir: '.', processes: { web: 1 } }, /The option processes\.web must be a text, and is 1/],
    [
      { dir: '.', processes: { web: 'x' }, procfile: 'Procfile' },
      /procfile and processes exclude each other/,
    ],
    [{ dir: '.', processes: { web: 'x' }, formation: { wbe: 1 } }, /The option formation: "wbe=1"/],
    [{ dir: '.', processes: { web: 'x' }, size: 'huge' }, /The option size: "huge" is not a dyno size/],
    [{ dir: '.', processes: { web: 'x' }, envFiles: ['no.env'] }, /The option envFiles: .*no\.env/],
    [{ dir: '.', processes: { web: 'x' }, env: { 'A B': '' } }, /The option env: `A B`/],
    [{ dir: '.', formaton: {} }, /There is no option formaton/],
    [{ dir: '.', timeouts: { bot: 1 } }, /There is no option timeouts\.bot/],
    [{ dir: '.', timeouts: { boot: '5x' } }, /timeouts\.boot: "5x" is not a duration/],
    [{ dir: '.', wakeDelay: -1 }, /The option wakeDelay must be a duration/],
    [{ dir: '.', waitFor: 'down' }, /The option waitFor must be 'up' or 'nothing', and is `down`/],
    [{ dir: '.', speed: 0 }, /The option speed must be a number above 0, and is 0/],
    [{ dir: '.', signal: 'SIGTERM' }, /The option signal must be an AbortSignal/],
  ])('names an option that cannot be: %o', async (options, message) => {
    await expect(startApp(options as TestAppOptions)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message),
    });
  });
});
