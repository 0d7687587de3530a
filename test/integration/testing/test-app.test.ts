import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../src/testing.js';
import { EXAMPLES } from '../../helpers/dynosim.js';

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
});
