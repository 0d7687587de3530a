import { expect, test } from 'vitest';
import { hostOf, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { barriers } from './axe.js';
import { describeInBrowser, openContext, openTab } from './chromium.js';
import { show } from './views.js';
import { entrance, userToken } from './world.js';

describeInBrowser('the dashboard of a host', () => {
  test('has a card for each app, and begins with the one that was named', async () => {
    const host = hostOf(makeFolder());
    const { api } = await host.ready();
    const create = (name: string) =>
      fetch(`${api}/dynosim/apps`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${userToken()}` },
        body: JSON.stringify({ name }),
      });
    for (const name of ['one', 'two', 'three']) await create(name);
    const context = await openContext();
    const page = await openTab(context, api);
    await page.goto(await entrance({ api }));
    for (const name of ['one', 'two', 'three']) await page.getByRole('link', { name, exact: true }).waitFor();
    expect(await barriers(page)).toEqual([]);
    // An app that is created while somebody looks.
    await create('four');
    await page.getByRole('link', { name: 'four', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /^four/ }).waitFor();
    // It has no code: it neither sleeps nor is awake.
    await page.getByText('No code yet').waitFor();
    expect(await page.getByRole('region', { name: 'Dynos', exact: true }).count()).toBe(0);
    for (const view of ['Sleep', 'Metrics'] as const) {
      await show(page, view);
      await page
        .getByRole('region', { name: { Sleep: 'Wakes', Metrics: 'Memory' }[view], exact: true })
        .waitFor();
      expect(await page.locator('.band-part').count(), view).toBe(0);
      if (view === 'Sleep') await page.getByText('No code yet.').waitFor();
    }

    await page.goto(`${api}/dashboard/#/apps/nobody`);
    await page.getByRole('heading', { name: 'There is no app named nobody' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Views' }).count()).toBe(0);
    expect(await page.getByRole('combobox').count()).toBe(0);

    const { stdout } = await run(['dashboard', '--url', '--app', 'two']);
    const second = await openTab(context, api);
    await second.goto(stdout.trim());
    await second.getByRole('heading', { level: 1, name: /^two/ }).waitFor();
    expect(second.url()).toBe(`${api}/dashboard/#/apps/two`);
  });
});
