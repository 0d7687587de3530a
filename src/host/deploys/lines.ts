/** What a push shows around a build, in Heroku's words. https://devcenter.heroku.com/articles/git */

import { describeFailure } from '../../apps/postdeploy.js';
import { errorMessage, inOneLine, UserError } from '../../base/errors.js';
import { BUILD_LIMITS } from '../../base/limits.js';
import { sentence } from '../../base/wording.js';
import { details, heading, marked, ownWarning, remark } from '../../build/lines.js';

export function sourceLines(paths: number, version: string): string {
  return `Updated ${paths} ${paths === 1 ? 'path' : 'paths'}${version && ` from ${version.slice(0, 7)}`}
Compressing source files... done.
Building source:

`;
}

export function warning(text: string): string {
  return ownWarning(text);
}

/** Printed once the release is made, before its command runs. */
export function launching({
  version,
  url,
  bytes,
  hasCommand,
}: {
  readonly version: number;
  readonly url: string;
  readonly bytes: number;
  readonly hasCommand: boolean;
}): string {
  return [
    heading('Launching...'),
    hasCommand
      ? marked('Release command declared: this new release will not be available until the command succeeds.')
      : '',
    bytes > BUILD_LIMITS.softSlugBytes ? sizeWarning(bytes) : '',
    details(`Released v${version}`, `${url} deployed to dynosim`),
    '\nVerifying deploy... done.\n',
    hasCommand ? 'Running release command...\n\n' : '',
  ].join('');
}

function sizeWarning(bytes: number): string {
  const [size, limit] = [bytes, BUILD_LIMITS.softSlugBytes].map((count) => Math.round(count / 1024 ** 2));
  return marked(
    `Warning: Your slug size (${size} MB) exceeds our soft limit (${limit} MB) which may affect boot time.`,
  );
}

export function releaseEnd(isLive: boolean): string {
  return `Waiting for release.... ${isLive ? 'done' : 'failed'}.\n`;
}

export function postdeployBegin(): string {
  return `${remark('Running the postdeploy script of app.json...')}\n`;
}

/** @param why it failed */
export function postdeployEnd(why: string | undefined): string {
  return why === undefined
    ? remark('The postdeploy script is done.')
    : ownWarning(sentence(describeFailure(why)));
}

/** Why a deploy failed outside of the build itself. */
export function failure(error: unknown): string {
  const why = error instanceof UserError ? inOneLine(error.message, error.hint) : errorMessage(error);
  return `\n${ownWarning(why)}\n${marked('Push failed')}`;
}

/** Follows a build that failed again. https://devcenter.heroku.com/articles/duplicate-build-version */
export function sameVersion(version: string): string {
  return ` !
 ! ## Warning - The same version of this code has already been built: ${version}
 !
 ! We have detected that you have triggered a build from source code with version ${version}
 ! at least twice. One common cause of this behavior is attempting to deploy code from a different branch.
 !
 ! If you are developing on a branch and deploying via git you must run:
 !
 !     git push heroku <branchname>:main
 !
 ! This article goes into details on the behavior:
 !   https://devcenter.heroku.com/articles/duplicate-build-version

`;
}

export function rejected(app: string): string {
  return `Verifying deploy...\n\n!\tPush rejected to ${app}.\n\n`;
}
