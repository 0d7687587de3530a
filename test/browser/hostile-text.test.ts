import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/folder.js';
import { describeInBrowser, openContext, openTab } from './chromium.js';
import { show, showEach } from './views.js';
import { APP, entrance, startApp } from './world.js';

/** Runs, or at least leaves an element, wherever it is taken for HTML. */
const HTML = `<img class=pwned src=x onerror="window.pwned=1"><script class=pwned>window.pwned=1</script>`;
/** What terminals take for a link, and for a title of the window. */
const ESCAPES = '\x1b]8;;javascript:window.pwned=1\x07a link\x1b]8;;\x07 \x1b]0;pwned\x07 \x1b[31mred\x1b[0m';

/** Resolves when the app has answered. */
function visit(router: string, path: string, userAgent: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(
      new URL(path, router),
      { agent: false, headers: { 'User-Agent': userAgent, Referer: HTML } },
      (response) => response.resume().once('end', resolve),
    ).once('error', reject);
  });
}

async function expectInert(page: Page): Promise<void> {
  expect(await page.evaluate(() => [(globalThis as { pwned?: unknown }).pwned, document.title])).toEqual([
    undefined,
    expect.not.stringContaining('pwned'),
  ]);
  expect(await page.locator('.pwned, a[href^="javascript:"]').count()).toBe(0);
}

describeInBrowser('what an app or its visitors write', () => {
  test('stays text on every view', async () => {
    const dir = join(makeFolder(), '<img class=pwned src=x onerror=window.pwned=1>');
    mkdirSync(dir);
    const files = {
      ...APP,
      Procfile: `${APP.Procfile}clock: exec sleep 1000 # ${HTML}\n`,
      '.env': `HTML='${HTML}'\n`,
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    const { ready } = await startApp(files, [], dir);
    const page = await openTab(await openContext(), ready.api);
    await page.goto(await entrance(ready));
    await page.getByText('clock.1').first().waitFor();
    for (const text of [HTML, ESCAPES, '"'.repeat(10_000), '\u202egnp.exe'])
      await visit(ready.router, `/print?text=${encodeURIComponent(text)}`, HTML);
    await visit(ready.router, `/${encodeURIComponent(HTML)}`, `${HTML} ${'x'.repeat(4000)}`);
    await showEach(page, () => expectInert(page));

    await show(page, 'Logs');
    await page.getByRole('log').getByText(HTML).first().waitFor();
    await page.getByRole('log').getByText('a link').first().waitFor();
    await show(page, 'Requests');
    for (const row of await page.getByRole('button', { name: /^GET \// }).all()) {
      await row.click();
      await expectInert(page);
    }
    await show(page, 'Releases');
    await page.getByRole('button', { name: 'Show values' }).click();
    await page.getByText(HTML).first().waitFor();
    await expectInert(page);
  });
});
