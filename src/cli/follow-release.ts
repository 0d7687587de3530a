import type { AppControl } from '../api/control.js';
import type { ReleaseChange } from '../apps/views.js';
import { UserError } from '../base/errors.js';
import { findRelease } from './find-release.js';
import { note } from './output.js';

/**
 * Shows what the command of a release prints, if it has one, until it has ended.
 * @param consequence follows in an error: what has become of the change
 * @throws UserError `RELEASE_FAILED`
 */
export async function followRelease(
  app: AppControl,
  { outcome, release: { version } }: ReleaseChange,
  { show = process.stdout, consequence = '' }: { show?: NodeJS.WritableStream; consequence?: string } = {},
): Promise<void> {
  if (outcome !== 'pending') return;
  note('Running release command...');
  for await (const text of app.releaseOutput(version, new AbortController().signal)) show.write(text);
  const { status, failure } = await findRelease(app, String(version));
  if (status !== 'failed') return;
  const what =
    failure === undefined
      ? `The release command of v${version} failed`
      : `v${version} could not be released: ${failure}`;
  throw new UserError('RELEASE_FAILED', what, `The previous release keeps running${consequence}.`);
}
