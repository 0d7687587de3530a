import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Levels A and AA. https://www.deque.com/axe/core-documentation/api-documentation/#axecore-tags */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What keeps somebody from using the page as it is now, a line each: `color-contrast: span.muted, …`. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Not by a script element, which the page's own policy would refuse.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(
    async (values) =>
      (await (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: values })).violations,
    TAGS,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}
