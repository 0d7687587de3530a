import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { barriers } from './axe.js';
import { describeInBrowser } from './chromium.js';
import { show, showEach } from './views.js';
import { openDashboard } from './world.js';

/** A row of the table of requests. */
const rowOf = (page: Page, path: string) =>
  page.getByRole('row').filter({ has: page.getByRole('button', { name: `GET ${path}`, exact: true }) });

describeInBrowser('the dashboard', () => {
  test('every view opens, light and dark, wide and narrow, without a barrier', async () => {
    const { page, ready } = await openDashboard();
    await page.getByText('web.1').first().waitFor();
    for (const path of ['/', '/print?text=hello', '/missing']) await fetch(ready.router + path);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await showEach(page, async (view) => {
        expect(await barriers(page), `${view}, ${colorScheme}`).toEqual([]);
        // Nothing moves for those who do not want that.
        expect(await page.evaluate(() => document.getAnimations().length), view).toBe(0);
      });
    }
    await page.setViewportSize({ width: 360, height: 700 });
    await showEach(page, async (view) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(360);
      expect(await barriers(page), `${view}, narrow`).toEqual([]);
    });
  });

  test('an app falls asleep, a request wakes it, and the page shows all of it live', async () => {
    const { page, ready } = await openDashboard(undefined, ['--wake-delay', '1s']);
    const now = page.getByRole('region', { name: 'Sleep' });
    await now.getByText(/^Awake, sleeps in \d+:\d\d$/).waitFor();
    await now.getByRole('button', { name: 'Put to sleep' }).click();
    await now.getByText(/^Asleep since/).waitFor();
    expect(await barriers(page)).toEqual([]);
    const answer = fetch(`${ready.router}/wake-up`);
    await now.getByText(/^Waking/).waitFor();
    await now.getByText(/^Awake/).waitFor();
    expect((await answer).status).toBe(200);

    await show(page, 'Requests');
    await rowOf(page, '/wake-up').getByRole('button').click();
    const parts = page.getByRole('table', { name: 'Where the time went' });
    await parts.getByRole('rowheader', { name: /wake delay/i }).waitFor();
    await parts.getByRole('rowheader', { name: /boot/i }).waitFor();
    const copy = page.getByRole('button', { name: 'Copy as curl' });
    expect(await copy.getAttribute('title')).toMatch(/http:\/\/localhost:\d+\/wake-up/);
    expect(await barriers(page)).toEqual([]);

    await show(page, 'Sleep');
    await page.getByRole('region', { name: 'Wakes', exact: true }).getByText('/wake-up').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('a request shows its lines of a log that has gone on, and says why it shows no others', async () => {
    const { page, ready } = await openDashboard();
    await show(page, 'Requests');
    await fetch(`${ready.router}/early`);
    await rowOf(page, '/early').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const lines = page.getByRole('region', { name: 'Log lines of this request' });
    // Two lines each.
    const goOn = async (requests: number) => {
      for (let sent = 0; sent < requests; sent += 1) await fetch(`${ready.router}/print?text=later`);
    };
    const open = () => rowOf(page, '/early').getByRole('button').click();
    await goOn(800);
    await open();
    await lines.getByText('path="/early"').waitFor();
    await open();
    await goOn(750);
    await open();
    await lines.getByText(/no longer kept/).waitFor();
  });

  test('the countdown is never longer than half an hour, and platform time moves at a click', async () => {
    const { page, ready } = await openDashboard(undefined, ['--speed', '20']);
    const headline = page.locator('.headline');
    await headline.getByText(/^Awake, sleeps in/).waitFor();
    // Steady traffic for longer than the second between two steps of the countdown.
    for (const end = Date.now() + 2500; Date.now() < end; ) {
      await fetch(ready.router);
      expect(await headline.textContent()).toMatch(/^Awake($|, sleeps in (30:00|[12]\d:\d\d)$)/);
    }
    await page.getByRole('button', { name: /31 min/ }).click();
    await page.getByText(/^Asleep since/).waitFor();
    await page.getByRole('button', { name: 'Wake', exact: true }).click();
    await page.getByText('my-app is waking.').waitFor();
  });

  test('a click scales, restarts and switches maintenance mode on', async () => {
    const { page, ready } = await openDashboard();
    await page.getByRole('button', { name: 'Add one worker dyno' }).click();
    const second = page.getByRole('listitem').filter({ has: page.getByText('worker.2', { exact: true }) });
    await second.getByText('up', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove one worker dyno' }).click();
    await second.waitFor({ state: 'detached' });
    const web = page
      .getByRole('listitem')
      .filter({ has: page.getByText('web.1', { exact: true }) })
      .first();
    const port = await web.locator('dd').nth(1).textContent();
    await page.getByRole('button', { name: 'Restart web.1' }).click();
    await expect.poll(() => web.locator('dd').nth(1).textContent()).not.toBe(port);
    await page.getByRole('button', { name: /^Switch on/ }).click();
    await page.getByRole('button', { name: /^Switch off/ }).waitFor();
    expect((await fetch(ready.router)).status).toBe(503);
  });

  test('the keyboard alone suffices', async () => {
    const { page, ready } = await openDashboard();
    await page.getByText('web.1').first().waitFor();
    /** Tabs to an element, which must then be seen to have the focus. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        const focused = page.locator(':focus-visible');
        const text = await focused.evaluate((one) => one.getAttribute('aria-label') ?? one.textContent ?? '');
        if (!name.test(text)) continue;
        const outline = await focused.evaluate((one) => getComputedStyle(one).outlineStyle);
        expect(outline, text).not.toBe('none');
        return;
      }
      throw new Error(`Tab does not lead to ${name}`);
    };
    await tabTo(/Add one worker dyno/);
    await page.keyboard.press('Enter');
    await page.getByText('worker.2', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByText('web.1').first().waitFor();
    await tabTo(/^Logs$/);
    await page.keyboard.press('Enter');
    for (const name of ['first', 'second']) await fetch(`${ready.router}/${'long/'.repeat(100)}${name}`);
    await page.getByRole('searchbox', { name: 'Text' }).fill('/second');
    await page.getByRole('log').getByText('/second').waitFor();
    await page.getByRole('searchbox', { name: 'Text' }).fill('long/');
    await tabTo(/^Log$/);
    await page.keyboard.press('Enter');
    const whole = page.getByRole('region', { name: 'The whole line' });
    await whole.getByText(/second.* status=200/).waitFor();
    await page.getByText(/^Paused/).waitFor();
    await page.keyboard.press('ArrowUp');
    await whole.getByText(/first.* status=200/).waitFor();
    expect(await whole.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await whole.waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByText('web.1').first().waitFor();
  });

  test('config vars are shown when asked for, and a rollback makes a release', async () => {
    const { dir, page } = await openDashboard({
      Procfile: 'worker: exec sleep 1000\n',
      '.env': 'SECRET=hunter2\n',
    });
    await show(page, 'Releases');
    await page.getByText('SECRET').first().waitFor();
    await expect.poll(() => page.locator('main').innerText()).not.toContain('hunter2');
    await page.getByRole('button', { name: 'Show values' }).click();
    await page.getByText('hunter2').first().waitFor();
    writeFileSync(join(dir, '.env'), 'SECRET=changed\n');
    await page.getByRole('button', { name: 'Roll back to v1' }).click();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back to v1' }).click();
    await page.getByText('Rollback to v1').first().waitFor();
    await page.getByText('hunter2').first().waitFor();
  });

  test('a month that takes more hours than there are is red, on Now and on Sleep', async () => {
    const { page } = await openDashboard();
    await page.route('**/report', async (route) => {
      const report = await (await route.fetch()).json();
      await route.fulfill({ json: { ...report, totals: { ...report.totals, projectedMonthHours: 2345 } } });
    });
    await page.reload();
    const red = page.locator('.bad').getByText('2345 h', { exact: true });
    await red.waitFor();
    await show(page, 'Sleep');
    await red.waitFor();
    // A report that is on its way would fail when the page closes.
    await page.unrouteAll({ behavior: 'wait' });
  });

  test('no time on the axis of Sleep is cut off', async () => {
    const { page } = await openDashboard();
    await page.setViewportSize({ width: 360, height: 800 });
    await show(page, 'Sleep');
    await page.getByRole('radio', { name: '24 h' }).check({ force: true });
    const cut = () =>
      page.locator('.band-axis').evaluate((axis) => {
        const { right, bottom } = axis.getBoundingClientRect();
        return [...axis.querySelectorAll('span')].filter((tick) => {
          const text = document.createRange();
          text.selectNodeContents(tick);
          const box = text.getBoundingClientRect();
          return box.right > right + 0.5 && box.top < bottom - 5;
        }).length;
      });
    expect(await page.locator('.band-axis span').count()).toBeGreaterThan(5);
    expect(await cut()).toBe(0);
  });

  test('a crashed dyno is said to be one', async () => {
    const { page } = await openDashboard({ Procfile: 'web: exit 3\n' });
    const web = page
      .getByRole('listitem')
      .filter({ has: page.getByText('web.1', { exact: true }) })
      .first();
    await web.getByText('crashed').waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
