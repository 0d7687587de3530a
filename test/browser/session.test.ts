import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { barriers } from './axe.js';
import { describeInBrowser } from './chromium.js';
import { show } from './views.js';
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

  test('while dynosim does not answer, views show what was true then, or say that it does not answer', async () => {
    const { page, dir, dynosim } = await openDashboard();
    const facts = page.getByRole('region', { name: 'App', exact: true });
    await facts.getByRole('link', { name: /^http:\/\/localhost:\d+$/ }).waitFor();
    await page.getByRole('region', { name: 'Last 5 minutes' }).waitFor();
    await page.getByRole('button', { name: 'Add one worker dyno' }).waitFor();
    await dynosim.stop();
    await page.getByText('Not connected').waitFor();
    await page.getByRole('button', { name: 'Put to sleep' }).click();
    await page.getByText('dynosim does not answer.').waitFor();
    await page.getByRole('button', { name: 'Close this message' }).click();
    // It has read the latest minutes and the report for Now.
    for (const [view, region] of Object.entries({ Metrics: 'Memory', Sleep: 'Awake and asleep' } as const)) {
      await show(page, view as 'Metrics');
      await page.getByRole('region', { name: region, exact: true }).waitFor();
    }
    for (const view of ['Logs', 'Releases'] as const) {
      await show(page, view);
      await page.getByText('dynosim does not answer.').first().waitFor();
      expect(await barriers(page), view).toEqual([]);
    }
    await show(page, 'Now');
    await facts.getByRole('link', { name: /^http/ }).waitFor();
    await page.getByRole('region', { name: 'Last 5 minutes' }).waitFor();
    await page.getByRole('region', { name: 'Eco dyno hours' }).waitFor();
    expect(await page.getByText('One-off dynos').count()).toBe(0);
    await page.getByRole('button', { name: 'Put to sleep' }).click();
    await page.getByText('dynosim does not answer.').waitFor();
    await startApp(APP, [], dir);
    await isLive(page);
    await page.getByText('dynosim does not answer.').waitFor({ state: 'detached' });
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
