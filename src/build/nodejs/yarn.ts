import type { CommandLine } from '../../base/process.js';
import { details, remark } from '../lines.js';
import { print, run, type Step } from '../step.js';
import type { NodeFacts } from './facts.js';
import { YARN_FAILURES } from './failures.js';
import type { PackageManager } from './package-manager.js';

/** yarn 1. https://devcenter.heroku.com/articles/nodejs-support#package-installation */
export const yarn: PackageManager = {
  name: 'yarn',
  // It runs no script on another Node than the app asks for; that this is one has been said.
  env: ({ nodeWarning }) => (nodeWarning === undefined ? {} : { YARN_IGNORE_ENGINES: 'true' }),
  profile: ({ nodeWarning }) =>
    nodeWarning === undefined ? '' : `: "\${YARN_IGNORE_ENGINES=true}"; export YARN_IGNORE_ENGINES\n`,
  install: (facts) => [
    print(details('Installing node modules (yarn.lock)')),
    // Those of the source may be incomplete.
    { does: 'remove', file: 'node_modules' },
    run(classic(facts, `--production=${facts.env.YARN_PRODUCTION ?? 'false'}`), YARN_FAILURES),
  ],
  prune: (facts) => skipByYarnProduction(facts) ?? [run(classic(facts, '--ignore-scripts'), YARN_FAILURES)],
  script: runScript,
};

/** yarn 2 and later. */
export const yarnBerry: PackageManager = {
  name: 'yarn',
  env: ({ yarn: { hasNodeModules, hasCache } }) => ({
    YARN_ENABLE_TELEMETRY: 'false',
    // Without node_modules an app loads its packages from the cache.
    ...((hasCache || !hasNodeModules) && { YARN_ENABLE_GLOBAL_CACHE: 'false' }),
    ...(hasCache && { YARN_ENABLE_IMMUTABLE_CACHE: 'true' }),
  }),
  install: (facts) => [
    print(details("Running 'yarn install' with yarn.lock")),
    run(yarnCommand(facts, 'install', '--immutable'), YARN_FAILURES),
  ],
  prune(facts) {
    const { env, tools } = facts;
    if (env.YARN2_SKIP_PRUNING === 'true')
      return [print(details("Skipping because YARN2_SKIP_PRUNING is 'true'"))];
    if (Number.parseInt(tools.yarn?.version ?? '', 10) < 4)
      return [
        print(
          remark('Skipping, as yarn can do so from version 4 on. Heroku has a plugin of its own for it.'),
        ),
      ];
    return [
      print(details("Running 'yarn workspaces focus --all --production'")),
      run(yarnCommand(facts, 'workspaces', 'focus', '--all', '--production'), YARN_FAILURES),
      ...(facts.yarn.hasNodeModules ? removeCache(facts) : []),
    ];
  },
  script: runScript,
};

function removeCache({ yarn: { hasCache } }: NodeFacts): readonly Step[] {
  if (!hasCache) return [];
  return [
    print(details('Removing local yarn cache to reduce slug size')),
    { does: 'remove', file: '.yarn/cache' },
  ];
}

function skipByYarnProduction({ env }: NodeFacts): readonly Step[] | undefined {
  if (!env.YARN_PRODUCTION) return undefined;
  return [print(details(`Skipping because YARN_PRODUCTION is '${env.YARN_PRODUCTION}'`))];
}

function classic(facts: NodeFacts, flag: string): CommandLine {
  return yarnCommand(facts, 'install', flag, '--frozen-lockfile', '--ignore-engines', '--prefer-offline');
}

function runScript(name: string, flags: string, facts: NodeFacts) {
  return { label: `${name} (yarn)`, command: yarnCommand(facts, 'run', name, ...(flags ? [flags] : [])) };
}

function yarnCommand({ tools }: NodeFacts, ...args: readonly string[]): CommandLine {
  return [...(tools.yarn?.command ?? ['yarn']), ...args];
}
