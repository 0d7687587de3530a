import { describe, expect, test } from 'vitest';
import type { NodeFacts } from '../../../src/build/nodejs/facts.js';
import { planNode } from '../../../src/build/nodejs/plan.js';
import type { Step } from '../../../src/build/step.js';

const TOOL = { version: '1.2.3', from: 'this machine' };

const FACTS: NodeFacts = {
  packageJson: { scripts: {}, engines: {}, cacheDirectories: [] },
  files: new Set(['package.json', 'server.js']),
  locks: [],
  mayHaveDevPackages: true,
  isDotHerokuFile: false,
  tools: {
    node: { ...TOOL, command: ['node'] },
    npm: { ...TOOL, command: ['npm'] },
    yarn: { ...TOOL, command: ['corepack', 'yarn'] },
    pnpm: { ...TOOL, command: ['pnpm'], version: '9.0.6' },
  },
  yarn: { isBerry: false, hasNodeModules: false, hasCache: false },
  pnpm: { isWorkspace: false, packages: ['/app'], withLifecycleScript: [] },
  cache: {
    dir: '/cache/node',
    status: 'empty',
    signature: 'one',
    manager: 'npm',
    folders: [],
  },
  nodeWarning: undefined,
  settings: { NODE_ENV: 'production' },
  env: { NODE_ENV: 'production' },
};

/** The commands of a plan, except those for the cache, and its output. */
function describePlan(change: Partial<NodeFacts>): { commands: readonly string[]; text: string } {
  const { steps } = planNode({ ...FACTS, ...change });
  const commands = steps.flatMap((step) => (step.does === 'run' ? [step.command.join(' ')] : []));
  return {
    commands: commands.filter((command) => !command.includes('/cache/')),
    text: steps.map(textOf).join(''),
  };
}

function textOf(step: Step): string {
  if (step.does === 'print') return step.text;
  return step.does === 'fail' ? step.failure.text + (step.failure.remedy ?? '') : '';
}

const BERRY = { isBerry: true, hasNodeModules: true, hasCache: true };

test.each<[string, Partial<NodeFacts>, readonly string[]]>([
  ['npm without a lock file', {}, ['npm install --include=dev', 'npm prune']],
  ['npm', { locks: ['npm'] }, ['npm ci --include=dev', 'npm prune']],
  [
    'npm without packages for the build',
    { locks: ['npm'], mayHaveDevPackages: false },
    ['npm ci --include=dev'],
  ],
  ['npm, shrinkwrapped', { files: new Set(['npm-shrinkwrap.json']) }, ['npm ci --include=dev', 'npm prune']],
  [
    'npm, its modules checked in',
    { files: new Set(['node_modules']) },
    ['npm rebuild', 'npm install --include=dev', 'npm prune'],
  ],
  [
    'npm, told to skip what only the build needs',
    { locks: ['npm'], env: { NODE_ENV: 'production', NPM_CONFIG_PRODUCTION: 'true' } },
    ['npm ci --omit=dev'],
  ],
  ['npm, told to keep all', { locks: ['npm'], env: { NODE_ENV: 'staging' } }, ['npm ci --include=dev']],
  [
    'npm, told to install',
    { locks: ['npm'], env: { USE_NPM_INSTALL: 'true' } },
    ['npm install --include=dev'],
  ],
  [
    'yarn 1',
    { locks: ['Yarn'] },
    [
      'corepack yarn install --production=false --frozen-lockfile --ignore-engines --prefer-offline',
      'corepack yarn install --ignore-scripts --frozen-lockfile --ignore-engines --prefer-offline',
    ],
  ],
  [
    'yarn 1, told to skip what only the build needs',
    { locks: ['Yarn'], env: { NODE_ENV: 'production', YARN_PRODUCTION: 'true' } },
    ['corepack yarn install --production=true --frozen-lockfile --ignore-engines --prefer-offline'],
  ],
  [
    'yarn 4',
    {
      locks: ['Yarn'],
      yarn: BERRY,
      tools: {
        ...FACTS.tools,
        yarn: { command: ['node', '.yarn/yarn.cjs'], version: '4.1.0', from: '.yarn' },
      },
    },
    ['node .yarn/yarn.cjs install --immutable', 'node .yarn/yarn.cjs workspaces focus --all --production'],
  ],
  ['yarn 3', { locks: ['Yarn'], yarn: BERRY }, ['corepack yarn install --immutable']],
  [
    'pnpm',
    { locks: ['pnpm'] },
    ['pnpm install --prod=false --frozen-lockfile', 'pnpm prune --prod --ignore-scripts'],
  ],
  [
    'a workspace of pnpm',
    { locks: ['pnpm'], pnpm: { isWorkspace: true, packages: ['/app', '/app/web'], withLifecycleScript: [] } },
    [
      'pnpm install --prod=false --frozen-lockfile',
      'rm -rf /app/node_modules /app/web/node_modules',
      'pnpm install --prod --frozen-lockfile',
    ],
  ],
  [
    'a workspace of pnpm with lifecycle scripts',
    { locks: ['pnpm'], pnpm: { isWorkspace: true, packages: ['/app'], withLifecycleScript: ['/app'] } },
    ['pnpm install --prod=false --frozen-lockfile'],
  ],
])('an app of %s is installed and pruned', (_, facts, commands) => {
  expect(describePlan(facts).commands).toEqual(commands);
});

test('scripts run in their order, the build script only if there is no other', () => {
  const scripts = { 'heroku-prebuild': 'a', build: 'b', 'heroku-postbuild': 'c', 'heroku-cleanup': 'd' };
  const { commands, text } = describePlan({ packageJson: { ...FACTS.packageJson, scripts } });
  expect(commands).toEqual([
    'npm run heroku-prebuild --if-present',
    'npm install --include=dev',
    'npm run heroku-postbuild --if-present',
    'npm prune',
    'npm run heroku-cleanup --if-present',
  ]);
  expect(text).toContain('       Detected both "build" and "heroku-postbuild" scripts\n');
  const flagged = describePlan({
    packageJson: { ...FACTS.packageJson, scripts: { build: 'b' } },
    env: { NODE_BUILD_FLAGS: '--prod' },
  });
  expect(flagged.commands).toContain('npm run build --if-present -- --prod');
  expect(flagged.text).toContain('       Running build\n       Running with --prod flags\n');
});

test('it says which versions were asked for, and which are used', () => {
  const { text } = describePlan({
    locks: ['pnpm'],
    packageJson: { ...FACTS.packageJson, engines: { node: '22.x' }, packageManager: 'pnpm@9.0.6' },
    nodeWarning: 'The app asks for Node "22.x".',
  });
  expect(text).toContain(`
-----> Installing binaries
       engines.node (package.json):   22.x
       engines.npm (package.json):    unspecified (use default)
       engines.pnpm (package.json):   unspecified (use default)
       packageManager (package.json): pnpm@9.0.6

       Resolving node version 22.x...
       Using Node.js 1.2.3 of this machine
       Using default npm version: 1.2.3
       Using pnpm 9.0.6 of this machine
 !     dynosim: The app asks for Node "22.x".
`);
});

test('yarn 1 runs scripts on a Node that the app does not ask for, in the build and in dynos', () => {
  const written = (change: Partial<NodeFacts>): string =>
    planNode({ ...FACTS, ...change })
      .steps.map((step) => (step.does === 'write' ? step.text : ''))
      .join('');
  const other: Partial<NodeFacts> = { locks: ['Yarn'], nodeWarning: 'The app asks for Node "12".' };
  expect(planNode({ ...FACTS, ...other }).env).toMatchObject({ YARN_IGNORE_ENGINES: 'true' });
  expect(written(other)).toContain('YARN_IGNORE_ENGINES');
  expect(planNode({ ...FACTS, locks: ['Yarn'] }).env).not.toHaveProperty('YARN_IGNORE_ENGINES');
  expect(written({ locks: ['Yarn'] })).not.toContain('YARN_IGNORE_ENGINES');
});

describe('a build does not begin', () => {
  test.each<[string, Partial<NodeFacts>, string]>([
    ['with two lock files', { locks: ['npm', 'Yarn'] }, 'Error: Multiple lockfiles found.'],
    [
      'with a lock file beside npm-shrinkwrap.json',
      { locks: ['npm'], files: new Set(['npm-shrinkwrap.json']) },
      'Error: Multiple lockfiles conflicting with npm-shrinkwrap.json.',
    ],
    [
      'if two package managers are asked for',
      { packageJson: { ...FACTS.packageJson, engines: { npm: '10' }, packageManager: 'yarn@4.0.0' } },
      '- npm version declared in engines.npm (10)\n !     - yarn version declared in packageManager (yarn@4.0.0)',
    ],
    [
      'with a file named .heroku',
      { isDotHerokuFile: true },
      'Error: The directory .heroku could not be created.',
    ],
    [
      'without the package manager',
      { locks: ['Yarn'], tools: { ...FACTS.tools, yarn: undefined } },
      'there is no yarn in PATH. Install it: npm install --global yarn',
    ],
  ])('%s', (_, facts, text) => {
    const plan = describePlan(facts);
    expect(plan.commands).toEqual([]);
    expect(plan.text).toMatch(/^\n-----> Build failed\n\n ! {5}/);
    expect(plan.text).toContain(text);
  });
});
