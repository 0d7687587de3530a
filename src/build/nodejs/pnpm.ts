import type { CommandLine } from '../../base/process.js';
import { isAtLeast } from '../../base/versions.js';
import { block, details } from '../lines.js';
import { print, run } from '../step.js';
import type { NodeFacts } from './facts.js';
import { PNPM_FAILURES } from './failures.js';
import type { PackageManager } from './package-manager.js';

/** https://devcenter.heroku.com/articles/nodejs-support#package-installation */
export const pnpm: PackageManager = {
  name: 'pnpm',
  // Hard links would let the app change pnpm's store. pnpm 11 reads its settings under names of its own.
  env: ({ tools }) =>
    isAtLeast(tools.pnpm?.version ?? '', '11')
      ? { pnpm_config_package_import_method: 'clone-or-copy' }
      : { npm_config_package_import_method: 'clone-or-copy' },
  install: (facts) => [
    print(details("Running 'pnpm install' with pnpm-lock.yaml")),
    run(pnpmCommand(facts, 'install', '--prod=false', '--frozen-lockfile'), PNPM_FAILURES),
  ],
  prune(facts) {
    const { env, pnpm, tools } = facts;
    if (env.PNPM_SKIP_PRUNING === 'true')
      return [print(details("Skipping because PNPM_SKIP_PRUNING is 'true'"))];
    const ignoresScripts = isAtLeast(tools.pnpm?.version ?? '', '8.15.6') && !pnpm.isWorkspace;
    const [unsafe] = pnpm.withLifecycleScript;
    if (unsafe !== undefined && !ignoresScripts) return [print(block(skipped(unsafe)))];
    if (!pnpm.isWorkspace)
      return [
        run(
          pnpmCommand(facts, 'prune', '--prod', ...(ignoresScripts ? ['--ignore-scripts'] : [])),
          PNPM_FAILURES,
        ),
      ];
    return [
      run(['rm', '-rf', ...pnpm.packages.map((dir) => `${dir}/node_modules`)], []),
      run(pnpmCommand(facts, 'install', '--prod', '--frozen-lockfile'), PNPM_FAILURES),
    ];
  },
  script: (name, flags, facts) => ({
    label: name,
    command: pnpmCommand(facts, 'run', '--if-present', name, ...(flags ? ['--', flags] : [])),
  }),
};

function pnpmCommand({ tools }: NodeFacts, ...args: readonly string[]): CommandLine {
  return [...(tools.pnpm?.command ?? ['pnpm']), ...args];
}

function skipped(dir: string): string {
  return `Pruning skipped due to presence of lifecycle scripts

Lifecycle scripts were detected in the \`package.json\` file at \`${dir}\`. Due to how
workspace pruning in pnpm operates, it will execute the following lifecycle scripts declared
in package.json during reinstallation of prod dependencies which can cause build failures:
- pnpm:devPreinstall
- preinstall
- install
- postinstall
- prepare

Since pruning can't be done safely for your build, it will be skipped.`;
}
