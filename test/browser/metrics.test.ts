import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { countsOf, emptyTally } from '../../src/apps/metrics/tally.js';
import type { MetricsView } from '../../src/apps/metrics/views.js';
import { describeInBrowser } from './chromium.js';
import { show } from './views.js';
import { openDashboard } from './world.js';

const NO_REQUESTS = countsOf(emptyTally());

/** Five minutes without requests, until now. They end with a step, as the axis does. */
function quietWindow(): MetricsView {
  const until = Math.floor(Date.now() / 1000) * 1000;
  const from = until - 300_000;
  return { window: '5m', from, until, stepMs: 1000, totals: NO_REQUESTS, points: [], dynos: [], marks: [] };
}

/** Opens Metrics of an app that has these. Returns the texts that its charts draw, which are filled while it is open. */
async function openMetrics(page: Page, view: MetricsView): Promise<{ drawn(): Promise<readonly string[]> }> {
  await page.addInitScript(() => {
    const drawn: string[] = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      drawn.push(text);
      return fillText.call(this, text, ...place);
    };
    Object.assign(globalThis, { drawn });
  });
  await page.route('**/metrics', (route) => route.fulfill({ json: view }));
  await page.reload();
  await show(page, 'Metrics');
  await page.getByRole('region', { name: 'Memory' }).waitFor();
  return { drawn: () => page.evaluate(() => Reflect.get(globalThis, 'drawn')) };
}

describeInBrowser('metrics', () => {
  test('each power of ten on the axis of response times has its label', async () => {
    const { page } = await openDashboard();
    const view = quietWindow();
    const times = { p50Ms: 8, p95Ms: 80, p99Ms: 900, maxMs: 12_000 };
    const { drawn } = await openMetrics(page, {
      ...view,
      points: [{ ...NO_REQUESTS, ...times, requests: 1, at: view.until - 60_000 }],
    });
    await expect
      .poll(drawn)
      .toEqual(expect.arrayContaining(['1 ms', '10 ms', '100 ms', '1 s', '10 s', '100 s']));
    expect((await drawn()).filter((text) => text.includes('null'))).toEqual([]);
  });

  test('however many marks there are, they are at their time, apart from each other and inside the page', async () => {
    const { page } = await openDashboard();
    const view = quietWindow();
    const kinds = ['sleep', 'wake', 'advance'] as const;
    const marks = Array.from({ length: 24 }, (_, index) => ({
      at: view.until - 12_000 + index * 500,
      kind: kinds[index % kinds.length] ?? 'sleep',
      text: '31m passed',
      dyno: null,
      count: 1,
    }));
    const { drawn } = await openMetrics(page, { ...view, marks });
    await expect.poll(drawn).toContain('31m passed, and 7 more');
    for (const width of [1280, 768, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await show(page, 'Now');
      await show(page, 'Metrics');
      const places = await page
        .locator('.lane-track')
        .last()
        .evaluate((track) => {
          const { left, width } = track.getBoundingClientRect();
          return [...track.querySelectorAll('.strip-mark')].map((mark) => {
            const box = mark.getBoundingClientRect();
            return { px: box.left, share: (box.left + box.width / 2 - left) / width };
          });
        });
      expect(places.length).toBeGreaterThan(0);
      for (const [index, { px, share }] of places.entries()) {
        expect(px - (places[index - 1]?.px ?? 0), `${width} px`).toBeGreaterThanOrEqual(15.9);
        expect(share).toBeGreaterThan(0.95);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  test('a narrow chart has several times on its axis', async () => {
    const { page } = await openDashboard();
    await page.setViewportSize({ width: 360, height: 800 });
    const { drawn } = await openMetrics(page, quietWindow());
    const times = async () => new Set((await drawn()).filter((text) => /^\d\d:\d\d$/.test(text))).size;
    await expect.poll(times).toBeGreaterThanOrEqual(4);
  });
});
