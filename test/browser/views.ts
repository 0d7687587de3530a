import type { Page } from 'playwright-core';

/** The view, and its heading. */
const VIEWS = {
  Now: /my-app/,
  Requests: /^Requests$/,
  Metrics: /^Metrics$/,
  Sleep: /^Sleep$/,
  Logs: /^Logs$/,
  Releases: /^Releases/,
} as const;

type View = keyof typeof VIEWS;

const tab = (page: Page, view: View) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view, exact: true });

/** Shows a view, by a click. */
export async function show(page: Page, view: View): Promise<void> {
  await tab(page, view).click();
  await page.getByRole('heading', { level: 1, name: VIEWS[view] }).waitFor();
}

/** Shows one view after the other. */
export async function showEach(page: Page, look: (view: View) => Promise<void>): Promise<void> {
  for (const view of Object.keys(VIEWS) as View[]) {
    await show(page, view);
    await look(view);
  }
}
