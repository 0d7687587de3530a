import { expect, test } from 'vitest';
import { describeInBrowser } from './chromium.js';
import { show } from './views.js';
import { openDashboard } from './world.js';

/** Prints 10,000 lines a second. */
const FLOOD = {
  'web.js': `let line = 0;
setInterval(() => {
  let text = '';
  for (const end = line + 100; line < end; line += 1) text += 'line ' + line + ' of a flood\\n';
  process.stdout.write(text);
}, 10);
process.on('SIGTERM', () => process.exit());`,
  Procfile: 'worker: exec node web.js\n',
};

describeInBrowser('a flood of log lines', () => {
  test('does not freeze the page, which says what it leaves out', async () => {
    const { page } = await openDashboard(FLOOD);
    await show(page, 'Logs');
    const log = page.getByRole('log');
    await log
      .getByText(/of a flood/)
      .first()
      .waitFor();
    // It goes on, and only what is seen is in the document.
    const last = () =>
      log
        .getByText(/of a flood/)
        .last()
        .textContent();
    const before = await last();
    await expect.poll(last).not.toBe(before);
    expect(await log.locator('*').count()).toBeLessThan(1000);
    await page
      .getByText(/lines left out/)
      .first()
      .waitFor();
    // It draws all the while, and obeys.
    const frames = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const end = performance.now() + 1000;
          let count = 0;
          const frame = () => {
            count += 1;
            if (performance.now() < end) requestAnimationFrame(frame);
            else resolve(count);
          };
          requestAnimationFrame(frame);
        }),
    );
    expect(frames).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/^Paused/).waitFor();
    const paused = await last();
    await page.getByText(/^Paused.*[1-9]/).waitFor();
    expect(await last()).toBe(paused);
    await page.getByRole('searchbox', { name: 'Text' }).fill('no such text');
    await expect.poll(() => log.getByText(/of a flood/).count()).toBe(0);
    await show(page, 'Now');
    await page.getByText('worker.1').first().waitFor();
  });
});
