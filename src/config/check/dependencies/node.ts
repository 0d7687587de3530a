/** Judges programs and imports by an app's package.json and what is locked. */

import { existsSync, readlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { quote } from '../../../base/wording.js';
import { textOf } from '../../folder.js';
import { type Dependencies, LOCK_FILES } from '../../package-json.js';
import { type LockedPackage, readNpmLock } from '../npm-lock.js';
import { type Judged, lineOf, lost, THERE, thereIn, unknown } from './judged.js';

/** Programs whose package has another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  nest: '@nestjs/cli',
  ng: '@angular/cli',
  'babel-node': '@babel/node',
  'vue-cli-service': '@vue/cli-service',
  'run-s': 'npm-run-all',
  'run-p': 'npm-run-all',
  'remix-serve': '@remix-run/serve',
  'react-router-serve': '@react-router/serve',
  strapi: '@strapi/strapi',
  medusa: '@medusajs/medusa',
  'graphql-codegen': '@graphql-codegen/cli',
  dotenv: 'dotenv-cli',
};

/** Programs that only a package of npm's brings, mostly of the same name. */
const OF_NPM =
  /^(?:nodemon|ts-node|ts-node-dev|tsx|tsc|next|nuxt|vite|nest|react-scripts|serve|http-server|json-server|pm2|forever|concurrently|cross-env|gatsby|ng|vue-cli-service|run-s|run-p|npm-run-all|gulp|grunt|babel-node|webpack|rimraf|prisma|sequelize|knex|typeorm|astro|remix-serve|react-router-serve|strapi|medusa|sails|probot|moleculer-runner|dotenvx|env-cmd|graphql-codegen)$/;

/** Config vars that keep devDependencies. https://devcenter.heroku.com/articles/nodejs-support#skip-pruning */
const KEEPERS = ['NPM_CONFIG_PRODUCTION', 'YARN_PRODUCTION', 'PNPM_SKIP_PRUNING'];

export interface NodePackages {
  readonly dir: string;
  readonly wanted: Dependencies;
  /** What npm has locked, or what it has installed here. */
  readonly locked: ReadonlyMap<string, LockedPackage> | undefined;
  /** yarn's or pnpm's lock file; empty if there is none. */
  readonly otherLock: string;
  /** Whether a setting keeps what only the build needs. */
  readonly keepsDev: boolean;
}

export function readNodePackages(
  dir: string,
  wanted: Dependencies,
  vars: Pick<ReadonlySet<string>, 'has'>,
): NodePackages {
  const lockFile = readNpmLock(join(dir, LOCK_FILES.npm));
  return {
    dir,
    wanted,
    locked: lockFile ?? readNpmLock(join(dir, 'node_modules/.package-lock.json')),
    otherLock: textOf(join(dir, LOCK_FILES.Yarn)) || textOf(join(dir, LOCK_FILES.pnpm)),
    keepsDev:
      KEEPERS.some((name) => vars.has(name)) ||
      /^\s*(?:include|omit|production|public-hoist|shamefully)/m.test(textOf(join(dir, '.npmrc'))),
  };
}

/**
 * Judges a program without a path.
 * @param by what starts it: `npm start`
 * @returns undefined if it is none of npm's
 */
export function judgeProgram(name: string, by: string, packages: NodePackages): Judged | undefined {
  const owner = ownerOf(name, packages);
  return owner === undefined
    ? undefined
    : judgePackage(owner, `${quote(by)} starts ${quote(name)}`, packages);
}

/** The package that brings a program. */
function ownerOf(program: string, { dir, wanted, locked }: NodePackages): string | undefined {
  for (const [name, { programs }] of locked ?? []) if (programs.includes(program)) return name;
  const installed = installedOwner(dir, program);
  if (installed !== undefined) return installed;
  const name = PACKAGES[program] ?? program;
  const isWanted = wanted.runtime.has(name) || wanted.dev.has(name);
  return isWanted || OF_NPM.test(program) ? name : undefined;
}

/** By the link in node_modules/.bin: `../nodemon/bin/nodemon.js`. */
function installedOwner(dir: string, program: string): string | undefined {
  try {
    const target = readlinkSync(join(dir, 'node_modules/.bin', program));
    return /^\.\.\/((?:@[^/]+\/)?[^/]+)\//.exec(target)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Judges a bare import.
 * @param specifier `express`, `@scope/name/file.js`, `node:fs`
 * @param file where it is, relative to the app's folder
 */
export function judgeImport(specifier: string, file: string, packages: NodePackages): Judged {
  const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const { dir, wanted } = packages;
  if (isBuiltin(specifier) || isBuiltin(name) || /^[#~]|^@\/|:/.test(specifier)) return THERE;
  // The app's own name; or a folder that NODE_PATH or a loader could make one.
  if (name === wanted.name || existsSync(join(dir, name))) return THERE;
  return judgePackage(name, `${file} imports ${quote(specifier)}`, packages);
}

/** @param why what needs it, for the beginning of a sentence */
function judgePackage(name: string, why: string, packages: NodePackages): Judged {
  const { dir, wanted, locked, keepsDev } = packages;
  if (wanted.runtime.has(name)) return thereIn(name, 'dependencies');
  const entry = locked?.get(name);
  // Another package needs it.
  if (entry && !entry.isDev) return THERE;
  if (!wanted.dev.has(name)) {
    if (entry === undefined && mayComeOtherwise(name, packages))
      return unknown(`Whether another package brings ${quote(name)} is not known.`);
    const message = `${why}, but package.json asks for no ${quote(name)}.`;
    return lost('package.json', 0, message, `Add it: npm install ${name}`);
  }
  if (keepsDev || mayBeShared(name, packages))
    return unknown(`Whether Heroku's build keeps ${quote(name)}, one of the devDependencies, is not known.`);
  const message = `${why}, which is among devDependencies: Heroku removes these after the build.`;
  const line = lineOf(textOf(join(dir, 'package.json')), `"${name}"`);
  return lost('package.json', line, message, `Move it: npm install --save-prod ${name}`);
}

/** Whether a package that package.json does not name may be there. */
function mayComeOtherwise(name: string, { wanted, locked, otherLock }: NodePackages): boolean {
  if (wanted.hasWorkspaces) return true;
  return locked === undefined && otherLock.includes(name);
}

/** Whether a package of the app's own may need one of the devDependencies. npm's lock file would say it. */
function mayBeShared(name: string, { locked, otherLock }: NodePackages): boolean {
  if (locked?.has(name)) return false;
  // yarn indents what a package needs: `    "lodash" "^4"`. pnpm lets nobody use what only others need.
  const isYarn = !/^lockfileVersion:/m.test(otherLock);
  return isYarn && new RegExp(`^ {4}"?${name.replace(/[^\w-]/g, '\\$&')}"?:? `, 'm').test(otherLock);
}
