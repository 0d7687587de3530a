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

// Two bundles: `start` loads only its own code. Each is one file, and CommonJS: Node loads both sooner. Dynamic imports
// stay lazy inside of it. A function around it, and nothing but ASCII, as boot.ts wants it.
const bundled = {
  ...shared,
  outdir: join(DRAFT, 'cli'),
  outExtension: { '.js': '.cjs' },
  // boot.ts runs it without Node's `import()`.
  supported: { 'dynamic-import': false },
  minify: !isDebug,
  sourcemap: isDebug && 'inline',
  charset: 'ascii',
  define: { 'import.meta.url': 'bundleUrl' },
  banner: {
    js: `(function (exports, require, module, __filename, __dirname) {
const bundleUrl = require('node:url').pathToFileURL(__filename).href;`,
  },
  footer: { js: '})' },
};

// Native code, and optional.
const NATIVE = '@lydell/node-pty';

await build({ ...bundled, entryPoints: ['src/cli/main.ts'], external: [NATIVE] });

// Libraries that `start` loads late or never, so they need not be in its bundle.
const LATE = ['chokidar', 'execa', 'pino'];
const fileOf = (library) => `./${library}.cjs`;

await build({
  ...bundled,
  entryPoints: ['src/cli/main-start.ts'],
  alias: Object.fromEntries(LATE.map((library) => [library, fileOf(library)])),
  external: [NATIVE, ...LATE.map(fileOf)],
});

await build({
  ...shared,
  outdir: join(DRAFT, 'cli'),
  outExtension: { '.js': '.cjs' },
  entryPoints: Object.fromEntries(LATE.map((library) => [library, library])),
  minify: !isDebug,
});

await build({
  ...shared,
  entryPoints: ['src/cli/boot.ts'],
  outfile: join(DRAFT, LAST_BUILT),
  define: { BUNDLE_IDS: JSON.stringify({ main: hash('main'), 'main-start': hash('main-start') }) },
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

function hash(bundle) {
  return createHash('sha1')
    .update(readFileSync(join(DRAFT, 'cli', `${bundle}.cjs`)))
    .digest('hex')
    .slice(0, 16);
}
