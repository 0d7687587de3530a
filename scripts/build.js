// Builds dist/: types by tsc; the library, the command line and the dashboard bundled by esbuild. The bundles are for
// speed: loading the same code file by file takes longer than starting Node itself. With --if-needed only if a source is
// newer than what is there. With --debug the bundle can be read and stepped through: not minified, with source maps.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const LAST_BUILT = 'bundles/boot.cjs';

// Not in place, so that processes that run from dist/ keep finding complete files.
const DRAFT = 'dist.draft';
const BUNDLES = join(DRAFT, 'bundles');

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

// Three bundles: `start` loads only its own code, and so does a program that uses the library. Each is one file, and
// CommonJS: Node loads both sooner. Dynamic imports stay lazy inside of it. A function around it, and nothing but ASCII,
// as base/code-cache.ts wants it.
const bundled = {
  ...shared,
  outdir: BUNDLES,
  outExtension: { '.js': '.cjs' },
  // It runs without Node's `import()`.
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

// Packages that `start` and the library load late or never, so they need not be in their bundles.
const LATE = ['chokidar', 'execa', 'pino'];
const fileOf = (name) => `./${name}.cjs`;
const late = {
  alias: Object.fromEntries(LATE.map((name) => [name, fileOf(name)])),
  external: [NATIVE, ...LATE.map(fileOf)],
};

await build({ ...bundled, ...late, entryPoints: ['src/cli/main-start.ts'] });

// Programmers see its stacks: names stay.
const readable = { minify: false, minifyWhitespace: !isDebug, minifySyntax: !isDebug };
await build({ ...bundled, ...late, ...readable, entryPoints: ['src/library.ts'] });

await build({
  ...shared,
  outdir: BUNDLES,
  outExtension: { '.js': '.cjs' },
  entryPoints: Object.fromEntries(LATE.map((name) => [name, name])),
  minify: !isDebug,
});

await build({
  ...shared,
  entryPoints: ['src/cli/boot.ts'],
  outfile: join(DRAFT, LAST_BUILT),
  define: { BUNDLE_IDS: JSON.stringify({ main: hash('main'), 'main-start': hash('main-start') }) },
});

await build({
  ...shared,
  entryPoints: ['src/library-boot.ts'],
  outfile: join(BUNDLES, 'library-boot.cjs'),
  define: { LIBRARY_ID: JSON.stringify(hash('library')) },
});

// The dashboard: a page for browsers, with all it needs in two files beside it.
await build({
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
  entryPoints: [
    { in: 'src/dashboard/main.tsx', out: 'app' },
    { in: 'src/dashboard/app.css', out: 'app' },
  ],
  outdir: join(DRAFT, 'dashboard'),
  // tsc checks JSX as that of preact's runtime.
  tsconfigRaw: {},
  jsxFactory: 'h',
  jsxFragment: 'Fragment',
  inject: ['src/dashboard/jsx.ts'],
  legalComments: 'none',
  minify: !isDebug,
  sourcemap: isDebug && 'inline',
});
copyFileSync('src/dashboard/index.html', join(DRAFT, 'dashboard/index.html'));

// The entry points of the package, for `import` and, where Node can, `require`.
for (const name of ['index', 'testing']) writeFileSync(join(DRAFT, `${name}.js`), await entryPoint(name));

rmSync('dist', { recursive: true, force: true });
renameSync(DRAFT, 'dist');

function isFresh() {
  const builtAt = statSync(join('dist', LAST_BUILT), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync('src', { recursive: true }).map((name) => join('src', name));
  return [...sources, 'package-lock.json', 'scripts/build.js'].every(
    (file) => statSync(file).mtimeMs < builtAt,
  );
}

/** A module that exports what a module of the library's bundle exports. */
async function entryPoint(name) {
  const source = `src/${name}.ts`;
  const asked = { entryPoints: [source], format: 'esm', metafile: true, write: false, outdir: '.' };
  const { metafile } = await build(asked);
  const [{ exports }] = Object.values(metafile.outputs);
  return `import { createRequire } from 'node:module';
export const { ${exports.join(', ')} } = createRequire(import.meta.url)('./bundles/library-boot.cjs').${name};
`;
}

function hash(bundle) {
  return createHash('sha1')
    .update(readFileSync(join(BUNDLES, `${bundle}.cjs`)))
    .digest('hex')
    .slice(0, 16);
}
