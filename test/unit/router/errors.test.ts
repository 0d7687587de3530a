import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REFUSALS, ROUTER_ERRORS, RouterError } from '../../../src/router/errors.js';
import { errorPage, rawErrorPage } from '../../../src/router/pages/error-page.js';

test('every code has its status, level and description', () => {
  const table = Object.entries(ROUTER_ERRORS).map(
    ([code, { status, at, desc }]) => `${code} ${at} ${status} ${desc}`,
  );
  expect(table).toMatchInlineSnapshot(`
    [
      "H10 error 503 App crashed",
      "H11 error 503 Backlog too deep",
      "H12 error 503 Request timeout",
      "H13 error 503 Connection closed without response",
      "H14 error 503 No web processes running",
      "H15 error 503 Idle connection",
      "H17 error 503 Poorly formatted HTTP response",
      "H18 error 503 Server Request Interrupted",
      "H19 error 503 Backend connection timeout",
      "H20 error 503 App boot timeout",
      "H21 error 503 Backend connection refused",
      "H25 error 502 HTTP restriction",
      "H27 warning 499 Client Request Interrupted",
      "H28 warning 499 Client Connection Idle",
      "H80 info 503 Maintenance mode",
      "H81 info 502 Blank app",
      "H82 info 503 You've used up your dyno hour pool",
      "H99 error 503 Platform error",
    ]
  `);
});

describe('docs/router-errors.md', () => {
  const text = readFileSync(new URL('../../../docs/router-errors.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | '));

  test('lists every code, and no other', () => {
    const listed = rows.filter(([code = '']) => /^H\d/.test(code)).map((row) => row.slice(0, 4).join(' '));
    expect(listed).toEqual(
      Object.entries(ROUTER_ERRORS).map(([code, { status, at, desc }]) => `${code} ${status} ${at} ${desc}`),
    );
  });

  test('names the side that broke the connection', () => {
    for (const [code = '', , , , when = ''] of rows.filter(([first = '']) => /^H\d/.test(first))) {
      const [, sock] = /`sock=(\w+)`/.exec(when) ?? [];
      expect(new RouterError(code as keyof typeof ROUTER_ERRORS).sock, code).toBe(sock);
    }
  });

  test('lists every refusal, and no other', () => {
    const listed = rows.filter(([status = '']) => /^\d/.test(status)).map((row) => row.slice(0, 2).join(' '));
    expect(listed).toEqual(Object.values(REFUSALS).map(({ status, desc }) => `${status} ${desc}`));
  });
});

describe('the page', () => {
  test.each(Object.keys(ROUTER_ERRORS))('of %s names it', (code) => {
    const error = new RouterError(code as keyof typeof ROUTER_ERRORS);
    expect(errorPage(error)).toContain(`${code}: ${error.message}`);
  });

  test.each(Object.keys(REFUSALS))('of %s explains the error', (name) => {
    const error = new RouterError(name as keyof typeof REFUSALS, 'in detail');
    expect(errorPage(error)).toContain(': in detail</h1>');
  });

  test('has its length, also without a parsed request', () => {
    const answer = rawErrorPage(new RouterError('badRequest'));
    const [head = '', page = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad request\r\n/);
    expect(head).toContain(`\r\nContent-Length: ${Buffer.byteLength(page)}\r\n`);
  });
});
