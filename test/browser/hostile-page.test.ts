import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser, openContext, openTab } from './chromium.js';
import { entrance, startApp, userToken } from './world.js';

/** A page of somebody else, at a name that leads to this machine. */
async function hostileSite(): Promise<string> {
  const server = createServer((_request, response) =>
    response.setHeader('Content-Type', 'text/html').end('evil'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://evil.example:${(server.address() as AddressInfo).port}/`;
}

interface Target {
  readonly api: string;
  /** Somehow it has got hold of this. */
  readonly code: string;
}

/** Runs in the hostile page: everything that it can try. Returns what it got, by attempt. */
async function attack({ api, code }: Target): Promise<Record<string, string>> {
  const refused = 'refused';
  const ask = async (path: string, init: RequestInit) => {
    try {
      const response = await fetch(api + path, { credentials: 'include', ...init });
      // The browser keeps an opaque response from the page.
      return response.type === 'opaque' ? refused : `${response.status} ${await response.text()}`;
    } catch {
      return refused;
    }
  };
  const load = (name: 'img' | 'script' | 'iframe' | 'link', path: string) =>
    new Promise<string>((resolve) => {
      const element = document.createElement(name);
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve(refused);
      if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: api + path });
      else element.src = api + path;
      document.body.append(element);
    });
  const connect = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${api.replace('http', 'ws')}/dynosim/apps/my-app/attach?dyno=web.1`);
      socket.onopen = () => resolve('connected');
      socket.onerror = () => resolve(refused);
    });
  const stream = () =>
    new Promise<string>((resolve) => {
      const source = new EventSource(`${api}/dynosim/events`, { withCredentials: true });
      const done = (what: string) => {
        source.close();
        resolve(what);
      };
      source.onopen = () => done('connected');
      source.onerror = () => done(refused);
    });
  const json = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ code });
  navigator.sendBeacon(`${api}/dashboard/session`, body);
  return {
    page: await ask('/dashboard/', {}),
    'its script': await ask('/dashboard/app.js', { mode: 'no-cors' }),
    'its script as a script': await load('script', '/dashboard/app.js'),
    'its style': await load('link', '/dashboard/app.css'),
    'its picture': await load('img', '/dashboard/'),
    'the code': await ask('/dashboard/session', { method: 'POST', headers: json, body }),
    'the code as text': await ask('/dashboard/session', { method: 'POST', mode: 'no-cors', body }),
    'a token of its own': await ask('/dynosim/host', { headers: { Authorization: 'Bearer x' } }),
    host: await ask('/dynosim/host', {}),
    'to stop it': await ask('/dynosim/stop', { method: 'POST', mode: 'no-cors' }),
    'to log out': await ask('/dashboard/session', { method: 'DELETE' }),
    'the events': await stream(),
    'a dyno': await connect(),
  };
}

/** Sends a form, as a page without any script could, and shows what it gets. */
async function sendForm(page: Page, { api, code }: Target): Promise<string> {
  await page.evaluate(
    ([action, name]) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', enctype: 'text/plain', action });
      const field = document.createElement('input');
      // {"code":"abc","x":"="}
      Object.assign(field, { name, value: '"}' });
      form.append(field);
      document.body.append(form);
      form.submit();
    },
    [`${api}/dashboard/session`, `{"code":"${code}","x":"`] as const,
  );
  await page.waitForURL(`${api}/**`);
  return (await page.locator('body').textContent()) ?? '';
}

/** What a window of the dashboard, opened by a hostile page, tells its opener and of it. */
async function openWindow(context: BrowserContext, page: Page, api: string): Promise<readonly unknown[]> {
  const opening = context.waitForEvent('page');
  await page.evaluate((url) => {
    Object.assign(globalThis, { victim: window.open(url) });
  }, `${api}/dashboard/`);
  const opened = await opening;
  await opened.getByLabel('Code').waitFor();
  const seen = await page.evaluate(() => {
    const { victim } = globalThis as unknown as { readonly victim: Window };
    return [victim.closed, victim.length];
  });
  return [...seen, await opened.evaluate(() => window.opener)];
}

describeInBrowser('a hostile page', () => {
  test.each(['of another site', 'of the app', 'of the app by its other name'])(
    '%s gets nothing',
    async (whose) => {
      const { ready } = await startApp();
      const { api, router } = ready;
      const origin = {
        'of another site': await hostileSite(),
        'of the app': router,
        'of the app by its other name': router.replace('127.0.0.1', 'localhost'),
      }[whose];
      const url = await entrance(ready);
      const [, code = ''] = url.split('#');
      const context = await openContext();
      // The victim's own tab.
      const victim = await openTab(context, api);
      await victim.goto(await entrance(ready));
      await victim.getByText('web.1').first().waitFor();

      const page = await context.newPage();
      await page.goto(origin ?? '');
      const got = await page.evaluate(attack, { api, code });
      expect(new Set(Object.values(got)), JSON.stringify(got)).toEqual(new Set(['refused']));

      await page.evaluate((src) => {
        document.body.append(Object.assign(document.createElement('iframe'), { src }));
      }, `${api}/dashboard/`);
      await page.frameLocator('iframe').last().getByText('"forbidden"').waitFor();
      expect(await openWindow(context, page, api)).toEqual([true, 0, null]);
      expect(await sendForm(page, { api, code })).toContain('"forbidden"');

      // Nothing has happened: the code is unused, nobody is logged out, and the app runs.
      const user = await openTab(context, api);
      await user.goto(url);
      await user.getByText('web.1').first().waitFor();
      const token = await victim.evaluate(
        () => /[\w-]{16}\.[\w-]{43}/.exec(JSON.stringify(sessionStorage))?.[0],
      );
      for (const bearer of [token, userToken()]) {
        const response = await fetch(`${api}/dynosim/host`, {
          headers: { Authorization: `Bearer ${bearer}` },
        });
        expect(response.status).toBe(200);
      }
    },
  );

  test('a name that was rebound to this machine gets nothing', async () => {
    const { ready } = await startApp();
    const page = await (await openContext()).newPage();
    const response = await page.goto(`http://evil.example:${new URL(ready.api).port}/dashboard/`);
    expect(response?.status()).toBe(403);
  });

  test('with --host, the dashboard stays on loopback', async () => {
    const { ready } = await startApp(undefined, ['--host', '0.0.0.0']);
    expect(ready.api).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });
});
