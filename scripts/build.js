// Builds dist/: the library and its types by tsc, the command line bundled by esbuild.
// The bundle is for speed: loading the same code file by file takes longer than starting Node itself.
// With --if-needed only if a source is newer than what is there.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const LAST_BUILT = 'dist/cli/boot.cjs';

if (process.argv.includes('--if-needed') && isFresh()) process.exit();

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});

const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' };

// One file, and CommonJS: Node loads both sooner. Dynamic imports stay lazy inside of it.
await build({
  ...shared,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/cli/main.cjs',
  // Native code, and optional.
  external: ['@lydell/node-pty'],
  minifyWhitespace: true,
  minifySyntax: true,
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
});

await build({
  ...shared,
  entryPoints: ['src/cli/boot.ts'],
  outfile: LAST_BUILT,
  define: { BUNDLE_ID: JSON.stringify(hash('dist/cli/main.cjs')) },
});

function isFresh() {
  const builtAt = statSync(LAST_BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync('src', { recursive: true }).map((name) => join('src', name));
  return [...sources, 'package-lock.json', 'scripts/build.js'].every(
    (file) => statSync(file).mtimeMs < builtAt,
  );
}

function hash(file) {
  return createHash('sha1').update(readFileSync(file)).digest('hex').slice(0, 16);
}
