import { expect, test } from 'vitest';
import type { RequestView } from '../../../../src/apps/views.js';
import { ALL_REQUESTS, asCurl, matches, valuesOf } from '../../../../src/dashboard/state/requests.js';
import { factsOf } from '../../../helpers/router-facts.js';

function request(more: Partial<RequestView>): RequestView {
  return { at: 0, ...factsOf(5), ...more };
}

test('requests are filtered by status, code, path and dyno', () => {
  const timeout = request({ status: 503, code: 'H12', path: '/Slow', dyno: 'web.2', method: 'POST' });
  const filter = (part: object) => matches(timeout, { ...ALL_REQUESTS, ...part });
  expect(filter({})).toBe(true);
  expect([filter({ status: '5xx' }), filter({ status: '2xx' })]).toEqual([true, false]);
  expect([filter({ code: 'any' }), filter({ code: 'H12' }), filter({ code: 'H13' })]).toEqual([
    true,
    true,
    false,
  ]);
  expect([filter({ path: 'post /slow' }), filter({ path: 'get' })]).toEqual([true, false]);
  expect([filter({ dyno: 'web.2' }), filter({ dyno: 'web.1' })]).toEqual([true, false]);
  expect(matches(request({}), { ...ALL_REQUESTS, code: 'any' })).toBe(false);
});

test('the choices of a filter are what requests have', () => {
  const requests = [request({ code: 'H12', dyno: null }), request({ dyno: 'web.2' }), request({})];
  expect(valuesOf(requests, 'code')).toEqual(['H12']);
  expect(valuesOf(requests, 'dyno')).toEqual(['web.1', 'web.2']);
});

test('a request as a curl command, quoted for a shell', () => {
  const url = 'https://localhost:5006/';
  expect(asCurl(request({ path: '/a?b=1&c=2' }), url)).toBe("curl 'https://localhost:5006/a?b=1&c=2'");
  expect(asCurl(request({ method: 'HEAD', path: '/' }), url)).toBe('curl --head https://localhost:5006/');
  const odd = request({ method: 'PURGE', path: "/it's/$(id)", userAgent: "Mozilla/5.0 ('x')" });
  expect(asCurl(odd, url)).toBe(
    String.raw`curl -X PURGE -A 'Mozilla/5.0 ('\''x'\'')' 'https://localhost:5006/it'\''s/$(id)'`,
  );
});

test('a path with two slashes leads to the app, and nowhere else', () => {
  expect(asCurl(request({ path: '//evil.example/x' }), 'https://localhost:5006/')).toBe(
    'curl https://localhost:5006//evil.example/x',
  );
});

test('curl takes a path as it is', () => {
  expect(asCurl(request({ path: '/a?filter[id]={1}' }), 'http://localhost:5006/')).toBe(
    "curl -g 'http://localhost:5006/a?filter[id]={1}'",
  );
  expect(asCurl(request({ path: '/a/../b' }), 'http://localhost:5006/')).toBe(
    'curl --path-as-is http://localhost:5006/a/../b',
  );
});
