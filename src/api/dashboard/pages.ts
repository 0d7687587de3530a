import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crypto } from '../../base/crypto.js';
import { packageRoot } from '../../base/package-root.js';
import type { ApiRequest, TextAnswer } from '../route.js';
import { notFound, TextRefusal } from '../server/errors.js';

/** All files of the page, as `scripts/build.js` makes them, and their types. Nothing in them is secret. */
const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
};

/**
 * The page runs its own scripts alone, makes no HTML out of text, calls nothing but this API, and cannot be framed.
 * https://www.w3.org/TR/CSP3/, https://w3c.github.io/trusted-types/dist/spec/
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Browsers ask every time whether it is still the same.
  'Cache-Control': 'no-cache',
} as const;

/**
 * One of the page's files.
 * @param folder where they are built
 * @throws ApiError 404, TextRefusal 503 if the page has not been built
 */
export async function readPage(
  name: string,
  { headers }: Pick<ApiRequest, 'headers'>,
  folder = join(packageRoot(), 'dist', 'dashboard'),
): Promise<TextAnswer> {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) throw notFound('file');
  const text = await readFile(join(folder, name), 'utf8').catch(() => {
    throw notBuilt();
  });
  const ETag = `"${crypto().createHash('sha256').update(text).digest('base64url')}"`;
  const isKnown = (headers['if-none-match'] ?? '')
    .split(/\s*,\s*/)
    .some((tag) => tag.replace(/^W\//, '') === ETag);
  // A 304 has the headers of a 200; Node leaves the text out.
  return { status: isKnown ? 304 : 200, headers: { ...HEADERS, 'Content-Type': type, ETag }, text };
}

const notBuilt = (): TextRefusal =>
  new TextRefusal({
    status: 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    text: 'The dashboard has not been built. Run: npm run build\n',
  });
