/** Why a Node.js build does not begin. */

import { LOCK_FILES, type LockingManager } from '../../config/package-json.js';
import type { Failure } from '../step.js';
import type { NodeFacts } from './facts.js';
import { nodeFailure } from './failures.js';

/** The first reason there is. */
export function refuse(facts: NodeFacts): Failure | undefined {
  if (facts.isDotHerokuFile) return nodeFailure(DOT_HEROKU);
  if (facts.locks.length > 1) return nodeFailure(multipleLockFiles(facts.locks));
  if (facts.locks.length > 0 && facts.files.has('npm-shrinkwrap.json')) return nodeFailure(SHRINKWRAP);
  return conflictingManagers(facts) ?? missingTool(facts);
}

/** @param why what is wrong in it, and where */
export function invalidPackageJson(why: string): Failure {
  return nodeFailure(
    `Error: Unable to parse your package.json.

Your package.json contains invalid JSON and could not be read.

Check the file for syntax errors such as trailing commas, missing commas,
or unquoted keys, then commit and redeploy. You can validate it locally by
running \`jq . package.json\` or using an online JSON linter.`,
    `${why}.`,
  );
}

const DOT_HEROKU = `Error: The directory .heroku could not be created.

It looks like a .heroku file is checked into this project. The Node.js
buildpack uses the hidden directory .heroku to store binaries like the
node runtime and npm. You should remove the .heroku file or ignore it
by adding it to .slugignore.`;

const SHRINKWRAP = `Error: Multiple lockfiles conflicting with npm-shrinkwrap.json.

Your application has multiple lockfiles defined which conflicts with the
shrinkwrap file you've been using. Only one lockfile can be used
to install dependencies. Installing dependencies using the wrong lockfile
can result in missing packages or subtle bugs in production.

Please make sure there is only one of the following files in your
application directory, then commit and redeploy:

- yarn.lock
- pnpm-lock.yaml
- package-lock.json
- npm-shrinkwrap.json

To stop the extra lockfiles from being committed again, add them to your .gitignore file.`;

function multipleLockFiles(locks: readonly LockingManager[]): string {
  const fixes = locks.map((kept) => {
    const others = locks.filter((one) => one !== kept).map((one) => LOCK_FILES[one]);
    return `       If you use ${kept}:
       $ git rm ${others.join(' ')}
       $ git commit -m "Remove unused lockfiles"
       $ git push heroku main
`;
  });
  return `Error: Multiple lockfiles found.

Multiple package managers (${locks.join(',')}) have created lockfiles for this application,
but only one can be used to install dependencies. This usually happens when a project standardizes on one
package manager, but a dependency is later added with a different one and the extra lockfile is committed.
Installing dependencies with the wrong package manager can result in missing packages or subtle, hard to
debug bugs in production.

Only one of the following package manager lockfiles is supported at a time:
- package-lock.json (npm)
- yarn.lock (Yarn)
- pnpm-lock.yaml (pnpm)

Keep the lockfile for the package manager you use and delete the rest, then commit and redeploy:

${fixes.join('\n')}
To stop the extra lockfiles from being committed again, add them to your .gitignore file.`;
}

function conflictingManagers({ packageJson: { engines, packageManager } }: NodeFacts): Failure | undefined {
  const byEngines = (['npm', 'yarn', 'pnpm'] as const)
    .filter((name) => engines[name] !== undefined)
    .map((name) => ({ name, text: `${name} version declared in engines.${name} (${engines[name]})` }));
  const name = /^(?:yarn|pnpm)/.exec(packageManager ?? '')?.[0];
  const byField = name && { name, text: `${name} version declared in packageManager (${packageManager})` };
  const all = [...byEngines, ...(byField ? [byField] : [])];
  if (new Set(all.map((one) => one.name)).size < 2) return undefined;
  return nodeFailure(`Multiple package managers declared in package.json

Installing dependencies using the wrong package manager can result in missing packages or subtle bugs
in production. Only one of the following fields should be used, all others should be removed:

${all.map(({ text }) => `- ${text}`).join('\n')}`);
}

function missingTool({ tools, locks }: NodeFacts): Failure | undefined {
  const needed = locks.includes('Yarn') ? 'yarn' : locks.includes('pnpm') ? 'pnpm' : 'npm';
  const missing = (['node', needed] as const).find((name) => tools[name] === undefined);
  if (missing === undefined) return undefined;
  const install = missing === 'yarn' || missing === 'pnpm' ? `: npm install --global ${missing}` : '';
  return nodeFailure(
    `Error: Unable to install ${missing}.`,
    `dynosim builds with the programs of this machine, and there is no ${missing} in PATH. Install it${install}`,
  );
}
