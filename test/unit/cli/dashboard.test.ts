import { expect, test } from 'vitest';
import { hasBrowser, tryBrowser } from '../../../src/cli/browser.js';
import { entranceTo } from '../../../src/cli/dashboard.js';

test.each([
  ['a desktop', { DISPLAY: ':0' }, 'linux', true],
  ['a desktop with Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  ['a shell without a desktop', {}, 'linux', false],
  ['a Mac', {}, 'darwin', true],
  ['Windows', {}, 'win32', true],
  ['a user’s own browser', { BROWSER: 'lynx' }, 'linux', true],
  ['a user who wants none', { BROWSER: 'none', DISPLAY: ':0' }, 'linux', false],
] as const)('%s: whether there is a browser', (_where, env, platform, expected) => {
  expect(hasBrowser(env, platform)).toBe(expected);
});

const host = { dashboardCode: async () => 'abcdefghjk' };

test('the code is in the fragment, and so is the app of a host', async () => {
  const runtime = { dashboard: 'http://127.0.0.1:4000/dashboard/' };
  expect(await entranceTo(runtime, host)).toBe('http://127.0.0.1:4000/dashboard/#abcdefghjk');
  expect(await entranceTo(runtime, host, 'my-app')).toBe(
    'http://127.0.0.1:4000/dashboard/#abcdefghjk/apps/my-app',
  );
});

test('without a dashboard, it says which apps have one', async () => {
  await expect(entranceTo({}, host)).rejects.toMatchObject({
    code: 'NO_DASHBOARD',
    hint: 'Those of "dynosim start" and "dynosim host" have one.',
  });
});

test('a URL that no browser takes is shown', async () => {
  expect(await tryBrowser('http://x/', {}, 'linux')).toEqual({
    at: 'shown',
    why: 'There is no browser here',
  });
});
