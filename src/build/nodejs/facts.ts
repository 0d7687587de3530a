/** What the plan of a Node.js build depends on. */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_NAME } from '../../base/limits.js';
import { namesIn } from '../../base/read.js';
import { checkNode } from '../../config/check/versions.js';
import { textOf } from '../../config/folder.js';
import {
  LOCK_FILES,
  type LockingManager,
  type PackageJson,
  readPackageJson,
} from '../../config/package-json.js';
import { explain } from '../../procfile/problem.js';
import { readTextIfThere } from '../../procfile/read-text.js';
import type { BuilderApp } from '../buildpack.js';
import { parseYaml } from '../yaml.js';
import { type CacheFacts, readCacheFacts } from './cache.js';
import { findManager, findNpm, findTool, findYarn, type Tool } from './tools.js';

const MB = 1024 * 1024;

/** What the app's files say. */
export interface NodeFiles {
  readonly packageJson: PackageJson;
  /** The names in the app's folder. */
  readonly files: ReadonlySet<string>;
  /** The package managers whose lock files are there. */
  readonly locks: readonly LockingManager[];
  /** npm's lock file names packages for the build alone; true if there is no such file. */
  readonly mayHaveDevPackages: boolean;
  readonly isDotHerokuFile: boolean;
  readonly yarn: YarnFacts;
}

export interface NodeFacts extends NodeFiles {
  /** What runs here; undefined where there is none. */
  readonly tools: Readonly<Record<'node' | 'npm' | 'yarn' | 'pnpm', Tool | undefined>>;
  readonly pnpm: PnpmFacts;
  readonly cache: CacheFacts;
  /** Why this Node is not one that the app asks for. */
  readonly nodeWarning: string | undefined;
  /** Config vars, and Heroku's defaults of some. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of all the build's commands. */
  readonly env: Readonly<Record<string, string>>;
}

/** The settings of yarn 2 and later, which is called Berry. */
interface YarnFacts {
  readonly isBerry: boolean;
  /** Packages are unpacked into node_modules, and not loaded from yarn's cache. */
  readonly hasNodeModules: boolean;
  /** Its cache is part of the source. */
  readonly hasCache: boolean;
  /** The program that the app brings along, if it does. */
  readonly path?: string;
}

interface PnpmFacts {
  readonly isWorkspace: boolean;
  /** The app's folder, and those of a workspace. */
  readonly packages: readonly string[];
  /** Those with a script that an installation runs, which a build's second installation cannot count on. */
  readonly withLifecycleScript: readonly string[];
}

/** @throws UserError `PACKAGE_JSON_…`, `LOCK_FILE_…`, `NOT_YAML` */
export async function readNodeFacts(app: BuilderApp): Promise<NodeFacts> {
  const { dir } = app;
  const own = await readNodeFiles(dir);
  const { locks, packageJson } = own;
  const [node, npm, yarn, pnpm] = await Promise.all([
    findTool(app, 'node'),
    findNpm(app),
    locks.includes('Yarn') ? findYarn(app, own.yarn.path) : undefined,
    locks.includes('pnpm') ? findManager(app, 'pnpm') : undefined,
  ]);
  const manager = locks.includes('Yarn') ? 'yarn' : locks.includes('pnpm') ? 'pnpm' : 'npm';
  const defaults = { ...DEFAULTS, ...(manager === 'yarn' && { USE_YARN_CACHE: 'true' }) };
  const settings: Readonly<Record<string, string>> = { ...defaults, ...Object.fromEntries(app.configVars) };
  const versions = [node, npm, yarn, pnpm].map((tool) => tool?.version ?? '-');
  const signature = [STACK_NAME, ...versions].join('; ');
  const isCacheEnabled = settings.NODE_MODULES_CACHE !== 'false';
  const problem = await checkNode(dir, async () => node?.version);
  return {
    ...own,
    tools: { node, npm, yarn, pnpm },
    pnpm: await readPnpmFacts(app, pnpm),
    cache: readCacheFacts(
      { ...app, isEnabled: isCacheEnabled },
      { manager, signature },
      packageJson.cacheDirectories,
    ),
    nodeWarning: problem && explain(problem),
    settings,
    env: { ...OWN_DEFAULTS, ...defaults, ...app.env },
  };
}

/** @throws UserError `PACKAGE_JSON_…`, `LOCK_FILE_…`, `NOT_YAML` */
export async function readNodeFiles(dir: string): Promise<NodeFiles> {
  const lockText = (manager: LockingManager): string => {
    const file = LOCK_FILES[manager];
    return (
      readTextIfThere(join(dir, file), { code: 'LOCK_FILE', file, maxBytes: 100 * MB, example: '' }) ?? ''
    );
  };
  const files = new Set(namesIn(dir));
  const locks = (['npm', 'pnpm', 'Yarn'] as const).filter((manager) => files.has(LOCK_FILES[manager]));
  const { nodeLinker, yarnPath } = await parseYaml(textOf(join(dir, '.yarnrc.yml')), '.yarnrc.yml');
  const hasYarn = typeof yarnPath === 'string' && existsSync(join(dir, yarnPath));
  return {
    packageJson: readPackageJson(dir) ?? NO_PACKAGE_JSON,
    files,
    locks,
    mayHaveDevPackages: !locks.includes('npm') || /"dev(?:Optional)?"\s*:\s*true/.test(lockText('npm')),
    isDotHerokuFile: statSync(join(dir, '.heroku'), { throwIfNoEntry: false })?.isFile() ?? false,
    yarn: {
      isBerry: /^__metadata:/m.test(lockText('Yarn')),
      hasNodeModules: nodeLinker === 'node-modules',
      hasCache: namesIn(join(dir, '.yarn/cache')).length > 0,
      ...(hasYarn && { path: yarnPath }),
    },
  };
}

const NO_PACKAGE_JSON: PackageJson = { scripts: {}, engines: {}, cacheDirectories: [] };

const DEFAULTS: Readonly<Record<string, string>> = {
  NPM_CONFIG_LOGLEVEL: 'error',
  NODE_VERBOSE: 'false',
  NODE_ENV: 'production',
  NODE_MODULES_CACHE: 'true',
};

/** Heroku has only the first. The others spare a build without network long waits, and remarks about it. */
const OWN_DEFAULTS: Readonly<Record<string, string>> = {
  NODE_OPTIONS: '--max_old_space_size=2560',
  NPM_CONFIG_AUDIT: 'false',
  NPM_CONFIG_FUND: 'false',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  NPM_CONFIG_FETCH_RETRIES: '1',
  NPM_CONFIG_FETCH_RETRY_MINTIMEOUT: '1000',
};

const LIFECYCLE_SCRIPTS = ['pnpm:devPreinstall', 'preinstall', 'install', 'postinstall', 'prepare'];

/** Whether an installation runs a script of the package. */
export function hasLifecycleScript(packageJson: PackageJson | undefined): boolean {
  return LIFECYCLE_SCRIPTS.some((name) => packageJson?.scripts[name] !== undefined);
}

async function readPnpmFacts(app: BuilderApp, pnpm: Tool | undefined): Promise<PnpmFacts> {
  const text = textOf(join(app.dir, 'pnpm-workspace.yaml'));
  const { packages: globs } = await parseYaml(text, 'pnpm-workspace.yaml');
  const isWorkspace = pnpm !== undefined && globs !== undefined;
  const packages = isWorkspace ? await listPackages(app, pnpm) : [app.dir];
  const withLifecycleScript = packages.filter((dir) => hasLifecycleScript(readPackageJson(dir)));
  return { isWorkspace, packages, withLifecycleScript };
}

async function listPackages(app: BuilderApp, pnpm: Tool): Promise<readonly string[]> {
  const { stdout } = await app.ask([...pnpm.command, 'list', '--recursive', '--json', '--depth', '-1']);
  return Array.from(stdout.matchAll(/^ {4}"path": (".*"),?$/gm), ([, path = '""']) =>
    String(JSON.parse(path)),
  );
}
