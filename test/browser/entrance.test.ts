import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { barriers } from './axe.js';
import { describeInBrowser, openContext, openTab } from './chromium.js';
import { entrance, openDashboard, startApp, userToken } from './world.js';

/** Resolves when the page shows the app. */
const shows = (page: Page) => page.getByText('web.1').first().waitFor();

const enterCode = async (page: Page, code: string) => {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Enter' }).click();
};

describeInBrowser('the way in', () => {
  test('a code lets a page in, and stays neither in the address bar nor in the history', async () => {
    const { page, ready } = await openDashboard();
    await shows(page);
    expect(page.url()).not.toMatch(/#[a-z2-9]{10}/);
    await page.goto('about:blank');
    await page.goBack();
    await shows(page);
    expect(page.url()).toMatch(new RegExp(`^${ready.api}/dashboard/(?!#[a-z2-9]{10})`));
    // Of this tab alone.
    const other = await openTab(page.context(), ready.api);
    await other.goto(`${ready.api}/dashboard/`);
    await other.getByLabel('Code').waitFor();
  });

  test('a wrong code is refused in one line, and the right one can be typed, or a URL pasted', async () => {
    const { ready } = await startApp();
    const page = await openTab(await openContext(), ready.api);
    await page.goto(`${ready.api}/dashboard#abcdefghjk`);
    await page.getByRole('alert').getByText('This code is wrong or expired.').waitFor();
    expect(await barriers(page)).toEqual([]);
    const [, code = ''] = (await entrance(ready)).split('#');
    await enterCode(page, ` ${code.toUpperCase()} `);
    await shows(page);
    // Or all of a URL.
    const other = await openTab(page.context(), ready.api);
    await other.goto(`${ready.api}/dashboard/`);
    await enterCode(other, `${await entrance(ready)}/apps/my-app`);
    await shows(other);
  });

  test('a code that is used twice lets nobody in', async () => {
    const { page: first, ready } = await openDashboard();
    await shows(first);
    const url = await entrance(ready);
    const context = await openContext();
    const [thief, user] = [await openTab(context, ready.api), await openTab(context, ready.api)];
    await thief.goto(url);
    await shows(thief);
    await user.goto(url);
    await user.getByRole('alert').getByText('This code was used before.').waitFor();
    await thief.getByLabel('Code').waitFor();
    await first.reload();
    await shows(first);
  });

  test('the app on the next port sees no cookie and no token', async () => {
    const { page, ready } = await openDashboard();
    await shows(page);
    for (const url of [ready.router, ready.router.replace('127.0.0.1', 'localhost')]) {
      const app = await page.context().newPage();
      await app.goto(url);
      expect(await app.locator('body').textContent()).toBe('no cookie');
      expect(await app.evaluate(() => document.cookie + sessionStorage.length + localStorage.length)).toBe(
        '00',
      );
    }
  });

  test('the token that it gets is not the user’s, and runs nothing', async () => {
    const { page, ready } = await openDashboard();
    await shows(page);
    const stored = await page.evaluate(() => JSON.stringify(sessionStorage));
    expect(stored).not.toContain(userToken());
    const [token = ''] = /[\w-]{16}\.[\w-]{43}/.exec(stored) ?? [];
    const response = await fetch(`${ready.api}/dynosim/apps/my-app/run-detached`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ command: 'true' }),
    });
    expect(response.status).toBe(403);
  });
});
