import { details, remark } from '../lines.js';
import { print, run, type Step } from '../step.js';
import { NPM_FAILURES } from './failures.js';
import type { PackageManager } from './package-manager.js';

/** https://devcenter.heroku.com/articles/nodejs-support#package-installation */
export const npm: PackageManager = {
  name: 'npm',
  env: () => ({}),
  install({ locks, files, env }) {
    const kind = env.NPM_CONFIG_PRODUCTION === 'true' ? '--omit=dev' : '--include=dev';
    const install = (command: string, what: string): readonly Step[] => [
      print(details(`Installing ${what}`)),
      run(['npm', command, kind], NPM_FAILURES),
    ];
    const isShrunk = files.has('npm-shrinkwrap.json');
    if (files.has('node_modules'))
      return [
        print(details('Prebuild detected (node_modules already exists)', 'Rebuilding any native modules')),
        run(['npm', 'rebuild'], NPM_FAILURES),
        ...install('install', `any new modules (package.json${isShrunk ? ' + shrinkwrap' : ''})`),
      ];
    const isLocked = locks.includes('npm');
    if ((isLocked || isShrunk) && env.USE_NPM_INSTALL !== 'true') return install('ci', 'node modules');
    const source = isLocked ? ' + package-lock' : isShrunk ? ' + shrinkwrap' : '';
    return install('install', `node modules (package.json${source})`);
  },
  prune({ env, mayHaveDevPackages }) {
    if (env.NPM_CONFIG_PRODUCTION)
      return [print(details(`Skipping because NPM_CONFIG_PRODUCTION is '${env.NPM_CONFIG_PRODUCTION}'`))];
    if (!mayHaveDevPackages) return [print(remark('package-lock.json names none.'))];
    return [run(['npm', 'prune'], NPM_FAILURES)];
  },
  script: (name, flags) => ({
    label: name,
    command: ['npm', 'run', name, '--if-present', ...(flags ? ['--', flags] : [])],
  }),
};
