import { expect, test } from 'vitest';
import { readPage } from '../../../../src/api/dashboard/pages.js';
import { makeFolder } from '../../../helpers/folder.js';

const FILES = {
  'index.html': '<!doctype html>é',
  'app.js': 'start()',
  'app.css': 'a{}',
  'other.txt': 'secret',
};

test.each([
  ['index.html', 'text/html; charset=utf-8', '<!doctype html>é'],
  ['app.js', 'text/javascript; charset=utf-8', 'start()'],
  ['app.css', 'text/css; charset=utf-8', 'a{}'],
])('%s is served with headers that leave a page nothing but this API', async (name, type, text) => {
  const answer = await readPage(name, { headers: {} }, makeFolder(FILES));
  expect(answer).toMatchObject({ status: 200, text });
  expect(answer.headers).toEqual({
    'Content-Type': type,
    ETag: expect.stringMatching(/^"[\w-]{43}"$/),
    'Cache-Control': 'no-cache',
    'Content-Security-Policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
});

test('a file that the browser has already is not sent again, until it changes', async () => {
  const folder = makeFolder(FILES);
  const { ETag = '' } = (await readPage('app.js', { headers: {} }, folder)).headers;
  for (const tags of [ETag, `W/${ETag}`, `"x", ${ETag}`])
    expect(await readPage('app.js', { headers: { 'if-none-match': tags } }, folder)).toMatchObject({
      status: 304,
      headers: { ETag },
    });
  const changed = makeFolder({ ...FILES, 'app.js': 'other()' });
  expect((await readPage('app.js', { headers: { 'if-none-match': ETag } }, changed)).status).toBe(200);
});

test.each(['other.txt', '../other.txt', '.', '', 'app.js.map', '__proto__', 'toString'])(
  '%j is none of its files',
  async (name) => {
    const reading = readPage(name, { headers: {} }, makeFolder(FILES));
    await expect(reading).rejects.toMatchObject({ status: 404 });
  },
);

test('without a build, it says what to run', async () => {
  const reading = readPage('index.html', { headers: {} }, makeFolder());
  await expect(reading).rejects.toMatchObject({
    answer: { status: 503, text: 'The dashboard has not been built. Run: npm run build\n' },
  });
});
