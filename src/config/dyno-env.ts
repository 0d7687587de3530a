/** Builds a dyno's environment from the shell, config vars, PORT, DYNO and PATH; and finds the router's own port. */

import { existsSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import { DEFAULT_ROUTER_PORT } from '../base/limits.js';
import { textOf } from './folder.js';
import { type Config, nameOrigin } from './layers.js';

/** Environment variables in the form of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The sources of a dyno's environment. */
export interface DynoEnvSources {
  /** The environment that dynosim was started with. */
  readonly shell: Environment;
  /** `--clean-env`: keep only the shell's variables that every program needs. */
  readonly isClean?: boolean;
  readonly configVars: ReadonlyMap<string, { readonly value: string }>;
  /** `web.1`, `run.1234`. */
  readonly dyno: string;
  readonly port: number;
  /** Overridden by everything else: `languageVars()`. */
  readonly defaults?: readonly (readonly [name: string, value: string])[];
  readonly binDirs?: BinDirs;
  /** Whether its output is shown where there are colors, though it writes to a pipe. */
  readonly hasColor?: boolean;
  /** HOME, if it is not the shell's: dynos of a slug have their slug's folder, on Heroku `/app`. */
  readonly home?: string;
  /** `--dyno-metadata`. */
  readonly metadata?: DynoMetadata;
}

/** Folders with the app's own programs. */
export interface BinDirs {
  readonly beforePath: readonly string[];
  readonly behindPath: readonly string[];
}

/** The facts that `runtime-dyno-metadata` gives a dyno about itself. */
export interface DynoMetadata {
  readonly appId: string;
  readonly appName: string;
  /** `my-app.localhost`. */
  readonly domain: string;
  /** Unique per run of a dyno. */
  readonly dynoId: string;
  readonly release: {
    readonly version: number;
    /** Wall-clock ms since 1970. */
    readonly createdAt: number;
    readonly description: string;
    /** The git commit, if there is one. */
    readonly commit?: string;
  };
}

/** The variables of the shell that `--clean-env` keeps. */
const CLEAN: readonly string[] = ['PATH', 'HOME', 'LANG', 'TERM', 'TMPDIR'];

/** What `--clean-env` leaves of a shell's environment. */
export function cleanShell(shell: Environment): Environment {
  return Object.fromEntries(Object.entries(shell).filter(([key]) => CLEAN.includes(key)));
}

/** https://devcenter.heroku.com/articles/dynos#local-environment-variables */
const HEROKU_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * A dyno's environment. Later sources win: the variables of Heroku's buildpacks, the shell, PYTHONUNBUFFERED, config
 * vars, and the platform's own (metadata, PORT, DYNO), which config vars cannot change on Heroku either. So the
 * shell's PORT never reaches a dyno. `.profile` runs after all this.
 */
export function buildDynoEnv(sources: DynoEnvSources): Record<string, string> {
  const { configVars, dyno, port, metadata, defaults = [], binDirs, home } = sources;
  const env = new Map([
    ...defaults,
    ...shellVars(sources.shell, sources.isClean ?? false),
    ...(home === undefined ? [] : [['HOME', home] as const]),
    // Otherwise, Python's output is delayed until its buffer for the pipe is full.
    ['PYTHONUNBUFFERED', '1'] as const,
    ...Array.from(configVars, ([key, { value }]) => [key, value] as const),
    ...(metadata ? metadataVars(metadata) : []),
    ['PORT', String(port)] as const,
    ['DYNO', dyno] as const,
  ]);
  // What most programs obey: https://force-color.org. Node warns of both.
  if (sources.hasColor && !env.get('NO_COLOR') && !env.has('FORCE_COLOR')) env.set('FORCE_COLOR', '1');
  const path = [
    ...(binDirs?.beforePath ?? []),
    env.get('PATH') || HEROKU_PATH,
    ...(binDirs?.behindPath ?? []),
  ];
  env.set('PATH', path.join(delimiter));
  return Object.fromEntries(env);
}

/**
 * The existing folders with an app's own programs, which Heroku's buildpacks add to PATH. In an npm workspace, the
 * programs of its packages are at the root.
 */
export function appBinDirs(dir: string): BinDirs {
  const root = foldersUpwards(dirname(dir)).find(isWorkspaceRoot);
  const before = [
    resolve(dir, 'node_modules/.bin'),
    ...(root === undefined ? [] : [resolve(root, 'node_modules/.bin')]),
    resolve(dir, '.venv/bin'),
    resolve(dir, 'venv/bin'),
  ];
  // After PATH, as with the buildpacks for Go and Node.js: no script of the app hides a system program.
  return { beforePath: before.filter(existsSync), behindPath: [resolve(dir, 'bin')].filter(existsSync) };
}

/** Whether a folder is the root of a workspace. */
function isWorkspaceRoot(dir: string): boolean {
  return (
    existsSync(resolve(dir, 'pnpm-workspace.yaml')) ||
    /"workspaces"\s*:/.test(textOf(resolve(dir, 'package.json')))
  );
}

/**
 * The shell's variables for dynos: all of them, including NODE_OPTIONS, as in `heroku local`. If npm runs dynosim (`npm
 * start`, `npx`), npm's variables are left out, because a dyno's `npm start` would use the outer options and package.
 * PATH is unchanged, because it includes the programs of a workspace's root.
 */
function shellVars(shell: Environment, isClean: boolean): readonly (readonly [string, string])[] {
  const { npm_execpath, npm_lifecycle_event, npm_node_execpath } = shell;
  const isRunByNpm = npm_execpath !== undefined || npm_lifecycle_event !== undefined;
  const isNpms = (key: string, value: string): boolean =>
    /^npm_/i.test(key) || key === 'INIT_CWD' || (key === 'NODE' && value === npm_node_execpath);
  return Object.entries(shell).flatMap(([key, value]) => {
    if (value === undefined || (isClean && !CLEAN.includes(key))) return [];
    return isRunByNpm && isNpms(key, value) ? [] : [[key, value] as const];
  });
}

/** https://devcenter.heroku.com/articles/dyno-metadata */
function metadataVars({
  appId,
  appName,
  domain,
  dynoId,
  release,
}: DynoMetadata): readonly (readonly [string, string])[] {
  const { version, createdAt, description, commit } = release;
  return [
    ['HEROKU_APP_ID', appId],
    ['HEROKU_APP_NAME', appName],
    ['HEROKU_APP_DEFAULT_DOMAIN_NAME', domain],
    ['HEROKU_DYNO_ID', dynoId],
    ['HEROKU_RELEASE_CREATED_AT', new Date(createdAt).toISOString().replace(/\.\d+Z$/, 'Z')],
    ['HEROKU_RELEASE_VERSION', `v${version}`],
    ['HEROKU_SLUG_DESCRIPTION', description],
    ['HEROKU_BUILD_DESCRIPTION', description],
    ...(commit === undefined
      ? []
      : ([
          ['HEROKU_SLUG_COMMIT', commit],
          ['HEROKU_BUILD_COMMIT', commit],
        ] as const)),
  ];
}

/**
 * The router's port without `--port`: PORT from the env files, else from the shell, else 5006. An empty PORT is
 * ignored.
 * @throws UserError `BAD_PORT`
 */
export function routerPort(config: Config, shell: Environment): number {
  const configured = config.get('PORT');
  if (configured?.value) return parsePort(configured.value, `PORT in ${nameOrigin(configured.from)}`);
  const { PORT: inherited } = shell;
  return inherited ? parsePort(inherited, 'PORT in the environment') : DEFAULT_ROUTER_PORT;
}

/**
 * Parses a port; 0 means any free port.
 * @param source its origin, for errors: `PORT in .env`, `--port`
 * @throws UserError `BAD_PORT`
 */
export function parsePort(text: string, source: string): number {
  const digits = text.trim();
  const port = Number(digits);
  if (/^\d{1,5}$/.test(digits) && port <= 65_535) return port;
  throw new UserError(
    'BAD_PORT',
    `${source} is not a port: "${text}"`,
    'Give a number from 0 to 65535; 0 takes any free port.',
  );
}
