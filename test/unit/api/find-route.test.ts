import { expect, test } from 'vitest';
import type { Route } from '../../../src/api/route.js';
import { findRoute } from '../../../src/api/server/find-route.js';

const answer = () => ({ status: 200, body: {} });
const routes: readonly Route[] = [
  { method: 'GET', path: '/apps/:app/dynos', access: 'token', json: answer },
  { method: 'GET', path: '/:app.git/info/refs', access: 'password', json: answer },
];

test.each([
  ['/apps/demo/dynos', '/apps/:app/dynos', 'demo'],
  ['/apps/a%2Fb%20c/dynos', '/apps/:app/dynos', 'a/b c'],
  ['/demo.git/info/refs', '/:app.git/info/refs', 'demo'],
  ['/demo.git.git/info/refs', '/:app.git/info/refs', 'demo.git'],
  ['/.git/info/refs', '/:app.git/info/refs', ''],
  ['/..%2Fdemo.git/info/refs', '/:app.git/info/refs', '../demo'],
])('%s is found', (path, pattern, app) => {
  expect(findRoute(routes, 'GET', path)).toMatchObject({ route: { path: pattern }, params: { app } });
});

test.each([
  '/apps/demo',
  '/apps/demo/dynos/',
  '/demo/info/refs',
  '/demo.gitx/info/refs',
  '/demo%2Egit/info/refs',
  '/git/info/refs',
])('%s is none', (path) => {
  expect(findRoute(routes, 'GET', path)).toBeUndefined();
});

test('a method that there is not is none', () => {
  expect(findRoute(routes, 'POST', '/apps/demo/dynos')).toBeUndefined();
});
