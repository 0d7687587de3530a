import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type Dynosim, type Ready, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { openContext, openTab } from './chromium.js';

/** An app whose web dyno answers with what it was asked, and prints what it is asked to print. */
export const APP = {
  'web.js': `require('node:http').createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://app');
  if (pathname === '/print') console.log(searchParams.get('text'));
  res.setHeader('Content-Type', 'text/html').end(req.headers.cookie ?? 'no cookie');
}).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit());`,
  Procfile: 'web: exec node web.js\nworker: exec sleep 1000\n',
};

/** An app that runs, named my-app. */
export interface Running {
  readonly dir: string;
  readonly dynosim: Dynosim;
  readonly ready: Ready;
}

export async function startApp(
  files: Readonly<Record<string, string>> = APP,
  args: readonly string[] = [],
  dir = makeFolder(files),
): Promise<Running> {
  const dynosim = start(dir, ['--app', 'my-app', '--no-wake-delay', ...args]);
  return { dir, dynosim, ready: await dynosim.ready() };
}

/** A URL that lets one page in, as `dynosim dashboard --url` prints it. */
export async function entrance({ api }: Pick<Ready, 'api'>): Promise<string> {
  const response = await fetch(`${api}/dynosim/dashboard-codes`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${userToken()}` },
  });
  const { code } = (await response.json()) as { readonly code: string };
  return `${api}/dashboard/#${code}`;
}

/** The token of the user who runs the tests. */
export function userToken(): string {
  return readFileSync(join(process.env.XDG_STATE_HOME ?? '', 'dynosim', 'token'), 'utf8').trim();
}

/** Starts an app, and opens its dashboard in a new tab. */
export async function openDashboard(
  files?: Readonly<Record<string, string>>,
  args?: readonly string[],
  options?: BrowserContextOptions,
): Promise<Running & { readonly page: Page }> {
  const running = await startApp(files, args);
  const page = await openTab(await openContext(options), running.ready.api);
  await page.goto(await entrance(running.ready));
  return { ...running, page };
}
