import { askBash, versionOf } from '../../base/programs.js';
import { appBinDirs, buildDynoEnv, type Environment } from '../dyno-env.js';
import { type CheckOptions, type CheckReport, checkApp } from './check-app.js';

/** What to check; only the folder is required. */
export type CheckSetup = Omit<CheckOptions, 'versionOf' | 'bash'>;

/**
 * Checks the app in a folder with the programs that its dynos would find on this machine. Never throws.
 * @param env the environment that dynosim was started with
 */
export async function checkFolder(setup: CheckSetup, env: Environment): Promise<CheckReport> {
  const { dir } = setup;
  const dynoEnv = buildDynoEnv({
    shell: env,
    configVars: new Map(),
    dyno: 'web.1',
    port: 0,
    binDirs: appBinDirs(dir),
  });
  return checkApp({
    shell: env,
    ...setup,
    versionOf: (program) => versionOf(program, dir, dynoEnv),
    bash: await askBash(dir, dynoEnv),
  });
}
