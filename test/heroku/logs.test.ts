import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { done } from '../e2e/commands-world.js';
import { startHttpServer } from '../helpers/http-server.js';
import { processesWith } from '../helpers/processes.js';
import { FILES, refused, startHeroku } from './heroku-world.js';

const CHATTY = {
  ...FILES,
  Procfile: 'web: exec node web.js\nworker: seq -f "line %g" 120; exec sleep 100000\n',
};
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 (app|heroku)\[([\w.-]+)\]: (.*)$/;

/** The text of each line, after its head. */
function said(stdout: string): readonly string[] {
  return entries(stdout).map(({ line }) => line);
}

function entries(stdout: string) {
  return stdout
    .trimEnd()
    .split('\n')
    .map((text) => {
      const [, source = '', dyno = '', line = ''] = LINE.exec(text) ?? [];
      expect(source, text).not.toBe('');
      return { source, dyno, line };
    });
}

describe('heroku logs', () => {
  test('prints the last hundred lines, or as many as are asked for', async () => {
    const { heroku } = await startHeroku([], CHATTY);
    const [some, three, all] = await Promise.all([
      heroku('logs', '-d', 'worker.1'),
      heroku('logs', '--num', '3', '--dyno', 'worker.1'),
      heroku('logs', '-n', '1500'),
    ]);
    expect(some).toMatchObject({ status: 0, stderr: '' });
    expect(said(some.stdout)).toEqual(Array.from({ length: 100 }, (_, index) => `line ${index + 21}`));
    expect(said(three.stdout)).toEqual(['line 118', 'line 119', 'line 120']);
    expect(said(all.stdout).length).toBeGreaterThan(120);
  });

  test('prints the lines of one source, type or dyno', async () => {
    const { heroku, type: command, visit } = await startHeroku([], CHATTY);
    await command('ps:scale', 'web=2', 'worker=1');
    await visit({ 'X-Request-ID': 'the-request-that-is-looked-for' });
    const [app, platform, type, dyno, router, api] = await Promise.all([
      heroku('logs', '--source', 'app'),
      heroku('logs', '-s', 'heroku'),
      heroku('logs', '-p', 'web'),
      heroku('logs', '--dyno-name', 'web.1', '-s', 'app'),
      heroku('logs', '-d', 'router'),
      heroku('logs', '-d', 'api', '-n', '1'),
    ]);
    expect(new Set(entries(app.stdout).map(({ source }) => source))).toEqual(new Set(['app']));
    expect(new Set(entries(platform.stdout).map(({ source }) => source))).toEqual(new Set(['heroku']));
    expect(entries(platform.stdout).map(({ dyno }) => dyno)).toContain('router');
    expect(new Set(entries(type.stdout).map(({ dyno }) => dyno))).toEqual(new Set(['web.1', 'web.2']));
    expect(entries(dyno.stdout)).toEqual([{ source: 'app', dyno: 'web.1', line: 'listening' }]);
    expect(said(router.stdout)).toEqual([
      expect.stringMatching(
        /^at=info method=GET path="\/" .*request_id=the-request-that-is-looked-for .*status=200 /,
      ),
    ]);
    expect(entries(api.stdout)).toEqual([
      { source: 'app', dyno: 'api', line: 'Scaled to web@2:Eco worker@1:Eco by user you@example.com' },
    ]);
  });

  test('follows the log until it is interrupted, and nothing of it remains', async () => {
    const { follow, visit } = await startHeroku();
    const tail = follow('logs', '--tail', '-n', '1');
    await tail.printed(/\n/);
    const before = tail.stdout;
    await visit();
    await tail.printed(/heroku\[router\]: at=info/);
    expect(entries(before)).toHaveLength(1);
    const { stdout, stderr } = await tail.stop('SIGTERM');
    expect(entries(stdout).filter(({ dyno }) => dyno === 'router')).toHaveLength(1);
    expect(stderr).toBe('');
    await expect.poll(() => processesWith('--tail\0-n\x001')).toEqual([]);
  });

  test('follows one dyno from the first line on', async () => {
    const { follow, type } = await startHeroku();
    const tail = follow('logs', '-t', '-p', 'worker');
    await tail.printed(/working\n/);
    await type('ps:restart', 'worker.1');
    await tail.printed(/working\n.*working\n/s);
    const { stdout } = await tail.stop('SIGTERM');
    expect(new Set(entries(stdout).map(({ dyno }) => dyno))).toEqual(new Set(['worker.1']));
    expect(said(stdout)).toContain('State changed from up to starting');
  });
});

describe('heroku drains', () => {
  test('adds a drain that gets the log, lists it and removes it by its URL or token', async () => {
    const { url, messages } = await startDrain();
    const { heroku, visit } = await startHeroku();
    expect(await heroku('drains:add', url)).toMatchObject(done(`Successfully added drain ${url}\n`));
    const { stdout } = await heroku('drains');
    const [, token = ''] = /^=== Drains\n\n\S+ \((d\.[0-9a-f-]{36})\)\n$/.exec(stdout) ?? [];
    expect(stdout).toContain(url);
    await visit();
    await expect
      .poll(() => messages.map(({ body }) => body).join(''))
      .toMatch(/ heroku router - at=info method=GET/);
    expect(messages[0]?.headers).toMatchObject({
      'content-type': 'application/logplex-1',
      'logplex-drain-token': token,
    });
    expect(await heroku('drains:remove', url)).toMatchObject(done(`Successfully removed drain ${url}\n`));
    expect(await heroku('drains')).toMatchObject(done(''));

    await heroku('drains:add', url);
    const list = JSON.parse((await heroku('drains', '--json')).stdout);
    expect(list).toMatchObject([{ url, token: expect.stringMatching(/^d\./) }]);
    const again = ['drains:remove', list[0].token];
    expect(await heroku(...again)).toMatchObject(done(`Successfully removed drain ${url}\n`));
    const [missing, wrong] = await Promise.all([heroku(...again), heroku('drains:add', 'ftp://example.com')]);
    expect(missing).toMatchObject(refused('not_found', /^Couldn't find that (log )?drain\.$/));
    expect(wrong).toMatchObject(refused('invalid_params', /./));
  });
});

/** Takes what a log drain sends. */
async function startDrain() {
  const messages: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  const { url } = await startHttpServer(async (request, response) => {
    const body = await text(request);
    messages.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
  return { url: `${url}/logs`, messages };
}
