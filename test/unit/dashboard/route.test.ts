import { expect, test } from 'vitest';
import { linkTo, parseRoute } from '../../../src/dashboard/route.js';

test('the address of a view leads to it', () => {
  expect(parseRoute(linkTo('my-app', 'logs').slice(1))).toEqual({ app: 'my-app', view: 'logs' });
  expect(parseRoute('/apps/my-app')).toEqual({ app: 'my-app', view: 'now' });
  expect(parseRoute('/apps/my-app/unknown')).toEqual({ app: 'my-app', view: 'now' });
});

test('an address that was mistyped leads to the start', () => {
  for (const fragment of ['', '/', '/apps/', '/apps/%', '/apps/%zz/logs', '/apps/%ff'])
    expect(parseRoute(fragment), fragment).toEqual({ app: undefined, view: 'now' });
});
