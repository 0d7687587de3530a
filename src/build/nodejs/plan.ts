/** The steps of a Node.js build, in the buildpack's order. */

import type { Plan } from '../buildpack.js';
import { block, details, heading, ownWarning } from '../lines.js';
import { fail, print, run, type Step } from '../step.js';
import { restoreCache, saveCache } from './cache.js';
import type { NodeFacts } from './facts.js';
import { SCRIPT_FAILURES } from './failures.js';
import { npm } from './npm.js';
import type { PackageManager } from './package-manager.js';
import { pnpm } from './pnpm.js';
import { PROFILE } from './profile.js';
import { refuse } from './refusals.js';
import { yarn, yarnBerry } from './yarn.js';

export function planNode(facts: NodeFacts): Plan {
  const refusal = refuse(facts);
  if (refusal) return { env: facts.env, steps: [fail(refusal)] };
  const manager = managerOf(facts);
  return {
    env: { ...manager.env(facts), ...facts.env },
    steps: [
      ...tellEnvironment(facts),
      ...tellBinaries(facts, manager),
      ...restoreCache(facts.cache),
      ...installAndBuild(facts, manager),
      ...saveCache(facts.cache),
      ...pruneAndCleanUp(facts, manager),
      { does: 'write', file: '.profile.d/nodejs.sh', text: PROFILE + (manager.profile?.(facts) ?? '') },
      ...warnIfUnstartable(facts),
    ],
  };
}

export function installAndBuild(facts: NodeFacts, manager: PackageManager): readonly Step[] {
  return [
    ...script('heroku-prebuild', 'Prebuild', facts, manager),
    ...section('Installing dependencies', ...manager.install(facts)),
    ...section('Build', ...build(facts, manager)),
  ];
}

export function pruneAndCleanUp(facts: NodeFacts, manager: PackageManager): readonly Step[] {
  return [
    ...section('Pruning devDependencies', ...prune(facts, manager)),
    ...script('heroku-cleanup', 'Cleanup', facts, manager),
  ];
}

export function managerOf({ locks, yarn: { isBerry } }: NodeFacts): PackageManager {
  if (locks.includes('Yarn')) return isBerry ? yarnBerry : yarn;
  return locks.includes('pnpm') ? pnpm : npm;
}

function section(title: string, ...steps: readonly Step[]): readonly Step[] {
  return [print(`\n${heading(title)}`), ...steps];
}

/** The variables that the buildpack shows, in its order. */
const SHOWN = [/^NPM_CONFIG_/, /^YARN_/, /^USE_NPM_/, /^USE_YARN_/, /^NODE_/];

function tellEnvironment({ settings }: NodeFacts): readonly Step[] {
  const lines = SHOWN.flatMap((name) =>
    Object.entries(settings).flatMap(([key, value]) => (name.test(key) ? [`${key}=${value}`] : [])),
  );
  return section('Creating runtime environment', print(details('', ...lines)));
}

function tellBinaries(
  { packageJson, tools, nodeWarning }: NodeFacts,
  { name }: PackageManager,
): readonly Step[] {
  const { engines, packageManager } = packageJson;
  const lines = [
    `engines.node (package.json):   ${engines.node ?? 'unspecified'}`,
    `engines.npm (package.json):    ${engines.npm ?? 'unspecified (use default)'}`,
    ...(['yarn', 'pnpm'] as const).flatMap((other) =>
      name === other || engines[other] !== undefined
        ? [`engines.${other} (package.json):   ${engines[other] ?? 'unspecified (use default)'}`]
        : [],
    ),
    ...(packageManager ? [`packageManager (package.json): ${packageManager}`] : []),
    '',
    `Resolving node version ${engines.node ?? '24.x'}...`,
    `Using Node.js ${tools.node?.version} of this machine`,
    engines.npm
      ? `Using npm ${tools.npm?.version} of this machine`
      : `Using default npm version: ${tools.npm?.version}`,
    ...(name === 'npm' ? [] : [`Using ${name} ${tools[name]?.version} of ${tools[name]?.from}`]),
  ];
  const warning = nodeWarning === undefined ? '' : ownWarning(nodeWarning);
  return section('Installing binaries', print(details(...lines), warning));
}

function script(name: string, title: string, facts: NodeFacts, manager: PackageManager): readonly Step[] {
  if (facts.packageJson.scripts[name] === undefined) return [];
  return section(title, ...runScript(name, facts, manager));
}

function runScript(name: string, facts: NodeFacts, manager: PackageManager, flags = ''): readonly Step[] {
  const { label, command } = manager.script(name, flags, facts);
  const lines = [`Running ${label}`, ...(flags ? [`Running with ${flags} flags`] : [])];
  return [print(details(...lines)), run(command, SCRIPT_FAILURES)];
}

function build(facts: NodeFacts, manager: PackageManager): readonly Step[] {
  const { scripts } = facts.packageJson;
  if (scripts['heroku-postbuild'] === undefined)
    return scripts.build === undefined ? [] : runScript('build', facts, manager, facts.env.NODE_BUILD_FLAGS);
  const both = 'Detected both "build" and "heroku-postbuild" scripts';
  return [
    ...(scripts.build === undefined ? [] : [print(details(both))]),
    ...runScript('heroku-postbuild', facts, manager),
  ];
}

function prune(facts: NodeFacts, manager: PackageManager): readonly Step[] {
  const { NODE_ENV } = facts.env;
  if (NODE_ENV === 'test') return [print(details("Skipping because NODE_ENV is 'test'"))];
  if (NODE_ENV !== 'production') return [print(details("Skipping because NODE_ENV is not 'production'"))];
  return manager.prune(facts);
}

function warnIfUnstartable({ files, packageJson }: NodeFacts): readonly Step[] {
  if (files.has('Procfile') || files.has('server.js') || packageJson.scripts.start !== undefined) return [];
  const text = `This app may not specify any way to start a node process

https://devcenter.heroku.com/articles/nodejs-support#default-web-process-type`;
  return [print(block(text))];
}
