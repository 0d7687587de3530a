import { expect, test } from 'vitest';
import { parseDrainUrl } from '../../../../src/logs/drains/url.js';

test.each([
  ['syslog://logs.example.com', { host: 'logs.example.com', port: 601, isTls: false }],
  ['syslog://logs.example.com:514', { host: 'logs.example.com', port: 514, isTls: false }],
  ['syslog+tls://logs.example.com', { port: 6514, isTls: true, isVerified: true }],
  ['syslog+tls://logs.example.com:1#insecure', { port: 1, isTls: true, isVerified: false }],
  ['SYSLOG://127.0.0.1:5140', { host: '127.0.0.1', port: 5140 }],
  ['syslog://[::1]:514', { host: '::1', port: 514 }],
])('%s', (url, expected) => {
  expect(parseDrainUrl(url)).toMatchObject({ kind: 'syslog', ...expected });
});

test.each(['http://localhost:9999', 'https://user:secret@logs.example.com/path?key=value'])('%s', (url) => {
  expect(parseDrainUrl(url)).toMatchObject({ kind: 'http', url: new URL(url), isVerified: true });
});

test.each([
  '',
  'logs.example.com',
  '/drain',
  'http://',
  'http:logs.example.com',
  'https:///path',
  'http://a b/',
  ' http://logs.example.com',
  'http://logs.example.com:99999',
  'syslog://',
  'syslog://:514',
  'syslog://logs.example.com:0',
  'syslog:logs.example.com',
  'syslog://logs%zz.example.com',
  'syslog://logs%00.example.com',
  'http://user:%zz@logs.example.com',
  'http://%80@logs.example.com',
  'syslog+udp://logs.example.com',
  'ftp://logs.example.com',
  'file:///etc/passwd',
  'javascript://x',
])('%j is refused', (url) => {
  expect(() => parseDrainUrl(url)).toThrow(
    expect.objectContaining({ code: 'INVALID_DRAIN_URL', message: 'Url is invalid.' }),
  );
});
