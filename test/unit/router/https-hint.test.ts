import { expect, test } from 'vitest';
import { httpsUrl } from '../../../src/router/https-hint.js';

test.each([
  ['https://localhost:5006/a?b', 'localhost:5006', 'https://localhost:5006'],
  ['https://localhost/a', 'localhost:5006', 'https://localhost:5006'],
  ['HTTPS://LocalHost/', 'LOCALHOST', 'https://localhost:5006'],
  ['https://[::1]/', '[::1]:5006', 'https://[::1]:5006'],
  ['https://my-app.localhost/', 'my-app.localhost:5006', 'https://my-app.localhost:5006'],
])('%s asked at %s is %s', (location, host, url) => {
  expect(httpsUrl(location, host, 5006)).toBe(url);
});

test.each([
  ['/login', 'localhost:5006'],
  ['http://localhost:5006/a', 'localhost:5006'],
  ['https://example.com/', 'localhost:5006'],
  ['https://localhost.example.com/', 'localhost:5006'],
  ['https://', 'localhost:5006'],
  ['', ''],
])('%s requested at %s is not a redirect to the same host by https', (location, host) => {
  expect(httpsUrl(location, host, 5006)).toBeUndefined();
});
