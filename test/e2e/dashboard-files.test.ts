import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(ROOT, 'dist/dashboard');

/** Compressed: what a user installs for it. */
const MAX_BYTES = 60_000;

test('the dashboard is three small files without a dependency on anything else', () => {
  const files = readdirSync(DIST).sort();
  expect(files).toEqual(['app.css', 'app.js', 'index.html']);
  const sizes = files.map((file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MAX_BYTES);
  // XML namespaces look like addresses.
  const addresses = files.flatMap(
    (file) => readFileSync(join(DIST, file), 'utf8').match(/https?:\/\/[\w.-]+/g) ?? [],
  );
  expect(addresses.filter((one) => one !== 'http://www.w3.org')).toEqual([]);
});

test('the package contains it', () => {
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const [{ files }] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
  const paths = files.map(({ path }: { readonly path: string }) => path);
  expect(paths).toEqual(expect.arrayContaining(['dist/dashboard/index.html', 'dist/dashboard/app.js']));
});
