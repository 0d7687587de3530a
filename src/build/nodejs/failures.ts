/** What Heroku says of failed commands of a Node.js build, and what to do about it here. */

import { block, heading } from '../lines.js';
import type { Failure } from '../step.js';

/** A block as the buildpack prints it. */
export function nodeFailure(text: string, remedy?: string): Failure {
  return { text: `\n${heading('Build failed')}${block(text)}`, ...(remedy !== undefined && { remedy }) };
}

const NO_REGISTRY =
  'The npm registry could not be reached. Without network, a build installs what is in the cache: run "npm ci" once with it.';

/** The reasons that any of them may have. The order matters: the reason that is sure comes first. */
const COMMON: readonly Failure[] = [
  {
    says: /Host key verification failed/i,
    ...nodeFailure(`Error: Unable to install a git dependency over SSH.

One of your dependencies points at a private git repository over SSH
(git+ssh://), and the host key / SSH authentication was not available during
the build. Heroku builds do not have access to your SSH keys, so they cannot
authenticate to a private git remote.

Update the dependency to use an https git URL with an access token, or point
it at a published version on a package registry, then redeploy.`),
  },
  {
    says: /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH)\b/,
    ...nodeFailure('Error: Unable to install dependencies.', NO_REGISTRY),
  },
  {
    says: /\bECONNRESET\b/,
    ...nodeFailure(`Error: A network connection was reset while communicating with a remote server (ECONNRESET).

This is usually a transient upstream or registry issue — retrying the build often
resolves it.`),
  },
];

export const NPM_FAILURES: readonly Failure[] = [
  {
    says: /npm (?:ERR!|error) code EUSAGE[\s\S]*Please update your lock file/i,
    ...nodeFailure(`Error: npm lockfile is not in sync.

This error occurs when the contents of \`package.json\` contains a different
set of dependencies than the contents of \`package-lock.json\`. This can happen
when a package is added, modified, or removed but the lockfile was not updated.

To fix this, run \`npm install\` locally in your app directory to regenerate the
lockfile, commit the changes to \`package-lock.json\`, and redeploy.`),
  },
  {
    says: /npm (?:ERR!|error) code ERESOLVE\b/,
    ...nodeFailure(`Error: Conflict detected in requested npm dependencies.

An \`ERESOLVE\` error during installation of npm dependencies means your app
contains two or more conflicting versions of the same dependency. This is
typically caused by peer dependency requirements of requested dependencies.
The error above should contain more detail about which dependencies are in
conflict. Use tools like \`npm info <package-name>\` to get details about a
package, including its peer dependencies.

The best way to address this issue is to regularly update your dependency
versions to prevent conflicts from happening.

If that is not possible, a temporary solution is to set a config var with
\`heroku config:set npm_config_legacy_peer_deps=true\`. This should be used
with caution as ignoring peer dependency conflicts can lead to unexpected
runtime errors.`),
  },
  ...COMMON,
  nodeFailure(
    'Error: Unable to install dependencies using npm.\n\nSee the log output above for more information.',
  ),
];

const OUTDATED_YARN_LOCK = `
Your application's yarn.lock does not match the dependencies in
package.json. The yarn.lock records the exact modules Yarn installed,
and the build fails when the two drift apart to prevent subtle bugs
and security issues.

This commonly happens when another tool modifies package.json without
running yarn install — for example, using npm to add a dependency, or
editing a version requirement by hand.

To fix, run yarn install in your project directory and commit the
updated yarn.lock:

$ yarn install
$ git add yarn.lock
$ git commit -m "Updated Yarn lockfile"
$ git push heroku main`;

export const YARN_FAILURES: readonly Failure[] = [
  {
    says: /Your lockfile needs to be updated/i,
    ...nodeFailure(`Outdated Yarn lockfile\n${OUTDATED_YARN_LOCK}`),
  },
  { says: /YN0028/, ...nodeFailure(`Yarn lockfile is not in sync\n${OUTDATED_YARN_LOCK}`) },
  ...COMMON,
  nodeFailure(
    'Error: Unable to install dependencies using Yarn.\n\nSee the log output above for more information.',
  ),
];

export const PNPM_FAILURES: readonly Failure[] = [
  {
    says: /ERR_PNPM_OUTDATED_LOCKFILE/,
    ...nodeFailure(`Error: pnpm lockfile is not in sync.

This error occurs when the contents of \`package.json\` contains a different
set of dependencies than the contents of \`pnpm-lock.yaml\`. This can happen
when a package is added, modified, or removed but the lockfile was not updated.

To fix this, run \`pnpm install\` locally in your app directory to regenerate the
lockfile, commit the changes to \`pnpm-lock.yaml\`, and redeploy.`),
  },
  ...COMMON,
  nodeFailure(
    'Error: Unable to install dependencies using pnpm.\n\nSee the log output above for more information.',
  ),
];

/** Failed scripts of package.json. */
export const SCRIPT_FAILURES: readonly Failure[] = [
  {
    says: /JavaScript heap out of memory/,
    ...nodeFailure(`Node.js Out-Of-Memory (OOM)

This error can occur due to several reasons (large data handling, memory leaks, etc.) but the most
common reason during a build is excessive concurrent operations from asset bundlers like
Webpack, Vite, or Rollup.

As a temporary workaround, it's also possible to increase the memory limits of your Node.js process
by prepending \`NODE_OPTIONS="--max-old-space-size=VALUE_IN_MB"\` to the failing script.`),
  },
  nodeFailure(`Error: A build script exited with a non-zero exit code.

One of your app's lifecycle scripts (heroku-prebuild, build, heroku-postbuild,
or heroku-cleanup) failed. This is usually caused by your application code or its
build configuration — a failing test, a compilation or bundler error, a missing
dependency — rather than a problem with the buildpack.

Review the build log above for the underlying error, fix it, and redeploy.

https://devcenter.heroku.com/articles/troubleshooting-node-deploys`),
];
