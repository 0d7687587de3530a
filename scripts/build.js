// Builds dist/: the library and its types by tsc, the command line bundled by esbuild. The bundle is for speed: loading
// the same code file by file takes longer than starting Node itself. With --if-needed only if a source is newer than
// what is there. With --debug the bundle can be read and stepped through: not minified, with source maps.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LAST_BUILT = 'cli/boot.cjs';

// Not in place, so that processes that run from dist/ keep finding complete files.
const DRAFT = 'dist.draft';

const isDebug = process.argv.includes('--debug');

if (process.argv.includes('--if-needed') && isFresh()) process.exit();
if (!['esbuild', 'typescript'].every((tool) => existsSync(join('node_modules', tool)))) {
  console.error('Not built: that takes the devDependencies. Run: npm ci --include=dev');
  // `npm ci --omit=dev` has done all that was asked of it.
  process.exit(process.env.npm_lifecycle_event === 'prepare' ? 0 : 1);
}
const { build } = await import('esbuild');

rmSync(DRAFT, { recursive: true, force: true });
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', DRAFT];
execFileSync(process.execPath, tsc, { stdio: 'inherit' });

const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' };

// One file, and CommonJS: Node loads both sooner. Dynamic imports stay lazy inside of it. A function around it, and
// nothing but ASCII, as boot.ts wants it.
await build({
  ...shared,
  entryPoints: ['src/cli/main.ts'],
  outfile: join(DRAFT, 'cli/main.cjs'),
  // Native code, and optional.
  external: ['@lydell/node-pty'],
  minify: !isDebug,
  sourcemap: isDebug && 'inline',
  charset: 'ascii',
  define: { 'import.meta.url': 'bundleUrl' },
  banner: {
    js: `(function (exports, require, module, __filename, __dirname) {
const bundleUrl = require('node:url').pathToFileURL(__filename).href;`,
  },
  footer: { js: '})' },
});

await build({
  ...shared,
  entryPoints: ['src/cli/boot.ts'],
  outfile: join(DRAFT, LAST_BUILT),
  define: { BUNDLE_ID: JSON.stringify(hash(join(DRAFT, 'cli/main.cjs'))) },
});

rmSync('dist', { recursive: true, force: true });
renameSync(DRAFT, 'dist');

function isFresh() {
  const builtAt = statSync(join('dist', LAST_BUILT), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync('src', { recursive: true }).map((name) => join('src', name));
  return [...sources, 'package-lock.json', 'scripts/build.js'].every(
    (file) => statSync(file).mtimeMs < builtAt,
  );
}

function hash(file) {
  return createHash('sha1').update(readFileSync(file)).digest('hex').slice(0, 16);
}
