// One app for all tests, and each begins with a fresh one.
import { startApp } from 'dynosim/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let app;
beforeAll(async () => {
  app = await startApp({ dir: import.meta.dirname, env: { TITLE: 'Seen' } });
});
beforeEach(() => app.reset());
afterAll(() => app?.stop());

const page = async (path = '/') => (await app.fetch(path)).text();

test('remembers its guests', async () => {
  await page('/?guest=Ada');
  expect(await page()).toBe('Seen: Ada\n');
});

test('sleeps after half an hour, wakes for the next request, and has forgotten its guests', async () => {
  await page('/?guest=Ada');
  await app.advance('31m');
  expect(await app.dyno('web.1')).toMatchObject({ state: 'idle' });
  expect(await page()).toBe('Seen: nobody\n');
  expect((await app.report()).wakes).toHaveLength(1);
});

test('comes back after a crash', async () => {
  await page('/?guest=Ada');
  await app.kill('web.1');
  await app.up();
  expect(await page()).toBe('Seen: nobody\n');
});

test('has another title after a release', async () => {
  await app.config({ TITLE: 'Friends' });
  expect(await page()).toBe('Friends: nobody\n');
});
