import { readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claim, findByFolder, type Runtime, runtimeFile } from '../../../src/api/client/discovery.js';
import { appStateFolder } from '../../../src/api/client/state-folder.js';
import { makeFolder } from '../../helpers/folder.js';
import { startHttpServer } from '../../helpers/http-server.js';
import { call, SLEEPERS, startDemo } from './world.js';

/** More than Linux gives out. */
const NO_PID = 2 ** 22 + 1;

/** A program that has the port of a dynosim. */
async function impostor(answer: (response: ServerResponse) => void) {
  const headers: string[] = [];
  const { url } = await startHttpServer((request, response) => {
    headers.push(...request.rawHeaders);
    answer(response);
  });
  return { api: url, headers };
}

/** The state folder of a user in which the app of a folder runs, or seems to. */
async function stateOf(address: Pick<Runtime, 'pid' | 'api' | 'instance' | 'router'>) {
  const [state, dir] = [makeFolder(), makeFolder()];
  const runtime = { ...address, app: 'demo', dir };
  onTestFinished(await claim(runtimeFile(appStateFolder(state, dir)), runtime, 'secret'));
  return { find: () => findByFolder(state, dir, 'secret') };
}

test('a running dynosim is found by its file', async () => {
  const { host } = await startDemo(SLEEPERS);
  const { find } = await stateOf(host.address);
  expect(await find()).toMatchObject(host.address);
});

test.each<[string, (response: ServerResponse) => void]>([
  [
    'answers as dynosim does',
    (response) => response.end(JSON.stringify({ instance: 'this', proof: 'proof' })),
  ],
  ['refuses the token', (response) => response.writeHead(401).end('{}')],
  ['serves pages', (response) => response.end('<!doctype html>')],
  ['closes connections', (response) => response.destroy()],
])('a program that has the port of a killed dynosim, and %s, is taken for none', async (_what, answer) => {
  const { api, headers } = await impostor(answer);
  const { find } = await stateOf({ api, instance: 'this', router: 'http://127.0.0.1:5006', pid: NO_PID });
  expect(await find()).toBeUndefined();
  expect(headers.join(' ')).not.toContain('secret');
});

test('a dynosim that has no file descriptors left for connections is no killed one', async () => {
  const { api } = await impostor((response) => response.destroy());
  const { find } = await stateOf({
    api,
    instance: 'this',
    router: 'http://127.0.0.1:5006',
    pid: process.pid,
  });
  expect(await find()).toMatchObject({ api });
});

test('a folder in place of a runtime file keeps no app from starting', async () => {
  const { host } = await startDemo(SLEEPERS);
  const state = makeFolder({ 'runtime.json/': '' });
  const runtime = { ...host.address, app: 'demo', dir: state };
  onTestFinished(await claim(join(state, 'runtime.json'), runtime, 'secret'));
  expect(readdirSync(state)).toEqual(['runtime.json']);
});

test('what such a program got opens no other dynosim', async () => {
  const [{ host }, { host: next }] = await Promise.all([startDemo(SLEEPERS), startDemo(SLEEPERS)]);
  const { api, headers } = await impostor((response) => response.end('{}'));
  const { find } = await stateOf({ ...host.address, api, pid: NO_PID });
  expect(await find()).toBeUndefined();
  const Authorization = headers[headers.indexOf('Authorization') + 1] ?? '';
  const statusOf = async (asked: typeof host) =>
    (await call(asked, 'GET', '/apps', { headers: { Authorization } })).status;
  // It was meant for the first one.
  expect([await statusOf(host), await statusOf(next)]).toEqual([200, 401]);
});
