/** Images of Node.js apps. https://devcenter.heroku.com/articles/nodejs-support */

import { shellWords } from '../../base/shell-word.js';
import {
  hasLifecycleScript,
  type NodeFacts,
  type NodeFiles,
  readNodeFiles,
} from '../../build/nodejs/facts.js';
import { installAndBuild, managerOf, pruneAndCleanUp } from '../../build/nodejs/plan.js';
import type { Tool } from '../../build/nodejs/tools.js';
import type { Step } from '../../build/step.js';
import { isInRange } from '../../config/check/ranges.js';
import { textOf } from '../../config/folder.js';
import { chosenVars, EMPTY, type Recipe, type RecipeApp } from './recipe.js';

/** Config vars that change what the build does. */
const FLAGS = [
  'NODE_ENV',
  'NPM_CONFIG_PRODUCTION',
  'USE_NPM_INSTALL',
  'YARN_PRODUCTION',
  'YARN2_SKIP_PRUNING',
  'PNPM_SKIP_PRUNING',
  'NODE_BUILD_FLAGS',
];

/** Read by the package managers, or by the app's `.npmrc` and `.yarnrc.yml`. */
const SETTINGS = ['NPM_CONFIG_REGISTRY', 'NPM_TOKEN', 'YARN_NPM_REGISTRY_SERVER', 'NODE_EXTRA_CA_CERTS'];

export async function nodeRecipe(app: RecipeApp): Promise<Recipe> {
  const facts = await factsOf(app);
  const manager = managerOf(facts);
  const env = { ...manager.env(facts), NODE_ENV: 'production', ...chosenVars(app, FLAGS) };
  const installTool = toolCommand(facts);
  const version = await nodeVersion(facts.packageJson.engines.node);
  const steps = facts.files.has('package.json') ? stepsOf(facts) : { install: [], build: [] };
  return {
    ...EMPTY,
    language: 'node',
    base: `node:${version}-slim`,
    buildBase: `node:${version}`,
    settings: [...SETTINGS, ...referencesIn(app.dir)].filter((name, at, all) => all.indexOf(name) === at),
    buildEnv: env,
    manifests: manifestsOf(app, facts),
    install: [...installTool, ...steps.install],
    build: steps.build,
    path: { before: [], behind: ['/app/bin', '/app/node_modules/.bin'] },
  };
}

/** The facts of a build in the image. Its tools are named as they are called there. */
async function factsOf(app: RecipeApp): Promise<NodeFacts> {
  const files = await readNodeFiles(app.dir);
  // It does not come along.
  const names = new Set([...files.files].filter((name) => name !== 'node_modules'));
  const env = { NODE_ENV: 'production', ...chosenVars(app, FLAGS) };
  const isWorkspace = names.has('pnpm-workspace.yaml');
  const tool = (name: string, version: string): Tool => ({ command: [name], version, from: 'the image' });
  const { node = '', yarn = managerVersion(files, 'yarn'), pnpm } = files.packageJson.engines;
  return {
    ...files,
    files: names,
    tools: {
      node: tool('node', node),
      npm: tool('npm', ''),
      yarn:
        files.yarn.path === undefined
          ? tool('yarn', yarn)
          : { ...tool('node', yarn), command: ['node', files.yarn.path] },
      pnpm: tool('pnpm', managerVersion(files, 'pnpm') || pnpm || NEWEST.pnpm),
    },
    pnpm: {
      isWorkspace,
      packages: [app.dir],
      withLifecycleScript: hasLifecycleScript(files.packageJson) ? [app.dir] : [],
    },
    cache: { dir: '', status: 'empty', signature: '', manager: 'npm', folders: [] },
    nodeWarning: undefined,
    settings: env,
    // A workspace's packages are known to pnpm alone.
    env: { ...env, ...(isWorkspace && { PNPM_SKIP_PRUNING: 'true' }) },
  };
}

/** For apps that name no version. */
const NEWEST = { node: '24', yarn: '4', pnpm: '10' } as const;

/** `9.0.6` of `pnpm@9.0.6`; empty if package.json names none. */
function managerVersion({ packageJson }: NodeFiles, name: 'yarn' | 'pnpm'): string {
  const [, version = ''] = new RegExp(`^${name}@(.+)$`).exec(packageJson.packageManager ?? '') ?? [];
  return version;
}

/** Installs the package manager, if the image lacks it or has another version. From npm, so npm's settings apply. */
function toolCommand(facts: NodeFacts): readonly string[] {
  const { locks, yarn, tools } = facts;
  if (locks.includes('pnpm')) return [`npm install --global pnpm@${tools.pnpm?.version}`];
  if (!locks.includes('Yarn') || yarn.path !== undefined) return [];
  const version = managerVersion(facts, 'yarn');
  if (yarn.isBerry) return [`npm install --global @yarnpkg/cli-dist@${version || NEWEST.yarn} --force`];
  return [`npm install --global yarn@${version || '1'} --force`];
}

function stepsOf(facts: NodeFacts): Pick<Recipe, 'install' | 'build'> {
  const manager = managerOf(facts);
  const all = commandsOf([...installAndBuild(facts, manager), ...pruneAndCleanUp(facts, manager)]);
  const install = commandsOf(manager.install(facts));
  // What comes before the installation needs the source, and so does the installation then.
  const first = all.indexOf(install[0] ?? '');
  return { install: all.slice(0, first + install.length), build: all.slice(first + install.length) };
}

/** What these steps run, as lines for a shell. */
function commandsOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.does === 'run') return [shellWords(step.command)];
    return step.does === 'remove' ? [shellWords(['rm', '-rf', step.file])] : [];
  });
}

/** Empty if an installation may need more than these: scripts, patches, other packages of the folder. */
function manifestsOf({ dir }: RecipeApp, { files, packageJson, locks, yarn }: NodeFacts): readonly string[] {
  const text = textOf(`${dir}/package.json`);
  const isPlain =
    locks.length === 1 &&
    !yarn.isBerry &&
    !files.has('pnpm-workspace.yaml') &&
    !hasLifecycleScript(packageJson) &&
    packageJson.scripts['heroku-prebuild'] === undefined &&
    !/"(?:workspaces|patchedDependencies)"|"(?:file|link|portal|patch):/.test(text);
  if (!isPlain) return [];
  const names = ['package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', '.npmrc', '.yarnrc'];
  return names.filter((name) => files.has(name));
}

/** The variables that the package managers' own files read: `${NPM_TOKEN}`. */
function referencesIn(dir: string): readonly string[] {
  const text = ['.npmrc', '.yarnrc', '.yarnrc.yml'].map((file) => textOf(`${dir}/${file}`)).join('\n');
  return Array.from(text.matchAll(/\$\{(\w+)/g), ([, name = '']) => name).sort();
}

/** The majors that there are images of, as Heroku would prefer them. */
const MAJORS = ['24', '26', '25', '22', '20', '18'];

/** The tag of Node's image for a range of versions. */
async function nodeVersion(range: string | undefined): Promise<string> {
  if (range === undefined) return NEWEST.node;
  const [, exact, minor] =
    /^\s*[=v]*(\d+\.\d+\.\d+)\s*$|^\s*~?v?(\d+\.\d+)(?:\.[x*\d]+)?\s*$/.exec(range) ?? [];
  if (exact !== undefined || minor !== undefined) return exact ?? minor ?? '';
  for (const major of MAJORS) if (await isInRange(`${major}.999.999`, range)) return major;
  const [major = NEWEST.node] = /\d+/.exec(range) ?? [];
  return major;
}
