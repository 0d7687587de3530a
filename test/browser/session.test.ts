import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser } from './chromium.js';
import { APP, openDashboard, startApp } from './world.js';

const shows = (page: Page) => page.getByText('web.1').first().waitFor();
const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor();

describeInBrowser('a session', () => {
  test('a page that logs out is out, also after a reload', async () => {
    const { page } = await openDashboard();
    await shows(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Code').waitFor();
    await page.reload();
    await page.getByLabel('Code').waitFor();
  });

  test('a restart of dynosim: the page says so, and goes on by itself', async () => {
    const { page, dir, dynosim, ready } = await openDashboard();
    await isLive(page);
    await dynosim.stop();
    await page.getByText('Not connected').waitFor();
    const again = await startApp(APP, [], dir);
    expect(again.ready.api).toBe(ready.api);
    await isLive(page);
    await shows(page);
  });

  test('another program on the port of dynosim gets no token', async () => {
    const { page, dynosim, ready } = await openDashboard();
    await isLive(page);
    const token = await page.evaluate(() => JSON.stringify(sessionStorage));
    expect(token).toMatch(/[\w-]{16}\.[\w-]{43}/);
    await dynosim.stop();
    const asked: string[] = [];
    const thief = createServer((request, response) => {
      asked.push(JSON.stringify([request.url, request.headers]));
      response.setHeader('Content-Type', 'application/json').end('{"proof":"AAAA"}');
    });
    onTestFinished(() => void thief.close());
    thief.listen(Number(new URL(ready.api).port), '127.0.0.1');
    await page.getByRole('alert').getByText('Another program answers at this address.').waitFor();
    expect(asked.join()).not.toMatch(/[\w-]{16}\.[\w-]{43}|Bearer/i);
    // Nor does it get the token from a page of its own.
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});
