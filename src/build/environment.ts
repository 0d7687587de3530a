/** The environments of a build's commands. */

import { randomUUID } from 'node:crypto';
import { STACK_NAME } from '../base/limits.js';
import type { Environment } from '../config/dyno-env.js';
import type { BuildSite } from './buildpack.js';

/**
 * The variables of the shell that reach a build: where programs and their caches are, and how the machine gets into the
 * network. Nothing else, as on Heroku: a build must not depend on one person's shell.
 */
const FROM_SHELL =
  /^(?:PATH|HOME|LANG|LC_ALL|TMPDIR|USER|(?:https?|all|no)_proxy|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|JAVA_HOME|GOPROXY|GOSUMDB|(?:PIP|UV|NPM_CONFIG|YARN|BUNDLE|COMPOSER)_\w+|(?:PYENV|RBENV|NVM|ASDF|VOLTA|SDKMAN|MISE)_\w+)$/i;

/** The config vars that a buildpack does not export. */
const NEVER_EXPORTED = /^(?:PATH|GIT_DIR|CPATH|CPPATH|LD_PRELOAD|LIBRARY_PATH|LANG|BUILD_DIR)$/;

/** What every program of a build gets, and all that a classic buildpack's does. */
export function plainEnv(shell: Environment, sourceVersion: string): Record<string, string> {
  const inherited = Object.entries(shell).flatMap(([name, value]) =>
    value !== undefined && FROM_SHELL.test(name) && !isNpms(name) ? [[name, value] as const] : [],
  );
  return {
    LANG: 'en_US.UTF-8',
    ...Object.fromEntries(inherited),
    STACK: STACK_NAME,
    SOURCE_VERSION: sourceVersion,
    REQUEST_ID: randomUUID(),
  };
}

/** npm gives what it runs its own settings, under names in small letters. */
function isNpms(name: string): boolean {
  return name.startsWith('npm_');
}

/** What the programs of dynosim's own builders get. */
export function builderEnv(
  site: Pick<BuildSite, 'plainEnv' | 'configVars' | 'dir' | 'cacheDir' | 'envDir'>,
): Record<string, string> {
  const exported = [...site.configVars].filter(([name]) => !NEVER_EXPORTED.test(name));
  return {
    ...site.plainEnv,
    ...Object.fromEntries(exported),
    BUILD_DIR: site.dir,
    CACHE_DIR: site.cacheDir,
    ENV_DIR: site.envDir,
  };
}
