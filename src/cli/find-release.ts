import type { AppControl } from '../api/control.js';
import type { ReleaseView } from '../apps/views.js';
import { UserError } from '../base/errors.js';

/** The releases of an app, the newest first. */
export async function newestFirst(app: AppControl): Promise<readonly ReleaseView[]> {
  return [...(await app.releases())].reverse();
}

/**
 * A release by its version (`v4` or `4`) or id.
 * @throws UserError `NO_SUCH_RELEASE`
 */
export async function findRelease(app: AppControl, wanted: string): Promise<ReleaseView> {
  const text = wanted.replace(/^v(?=\d)/, '');
  const found = (await app.releases()).find(({ id, version }) => id === text || String(version) === text);
  if (found) return found;
  throw new UserError(
    'NO_SUCH_RELEASE',
    "Couldn't find that release",
    `There is no ${wanted}; "dynosim releases" lists them.`,
  );
}
