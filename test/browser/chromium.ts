import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { findProgram } from '../../src/base/find-program.js';

/** Where both are, Chrome: Ubuntu's Chromium is a snap, which sees no temporary folders. */
const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

const executablePath = NAMES.map((name) => findProgram(name, process.env.PATH ?? '')).find(Boolean);
if (executablePath === undefined) console.log(`Skipped: none of ${NAMES.join(', ')} is in PATH`);

/** What Chromium would do besides showing the page, and what it cannot do as root or without a screen. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name that somebody has pointed at this machine.
  '--host-resolver-rules=MAP evil.example 127.0.0.1',
];

let browser: Browser | undefined;

/** Tests in a real browser, one for all of them; skipped where there is none. */
export function describeInBrowser(name: string, define: () => void): void {
  describe.skipIf(executablePath === undefined)(name, () => {
    beforeAll(async () => {
      browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ARGS });
    });
    afterAll(() => browser?.close());
    define();
  });
}

/** A user of the browser, without anything from earlier tests. */
export async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  if (!browser) throw new Error('There is no browser outside of describeInBrowser');
  const context = await browser.newContext(options);
  // What a page does not show within this time, it does not show.
  context.setDefaultTimeout(60_000);
  onTestFinished(() => context.close());
  return context;
}

/**
 * A tab for the dashboard. When the test ends, its page must have run without an error and without breaking its own
 * policy, have asked nobody but the control API, and have no cookie.
 * @param api the origin of the control API
 */
export async function openTab(context: BrowserContext, api: string): Promise<Page> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // A response that refuses, or none: the page says so itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  page.on('request', (request) => {
    if (request.isNavigationRequest() || request.url().startsWith('data:')) return;
    if (new URL(request.url()).origin !== api) problems.push(`asked ${request.url()}`);
  });
  onTestFinished(async () => {
    expect(problems).toEqual([]);
    expect(await context.cookies()).toEqual([]);
  });
  return page;
}
