import { UserError } from '../../base/errors.js';
import { enumerate } from '../../base/wording.js';
import type { Settings } from '../driver.js';
import { isMajor, MAJORS, type Major } from './packages.js';

/**
 * The release of PostgreSQL that a user asks for: `-- --version=16`.
 * @returns undefined if the user does not
 * @throws UserError `BAD_ADDON_OPTION`
 */
export function wantedMajor({ version, ...others }: Settings): Major | undefined {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new UserError(
      'BAD_ADDON_OPTION',
      `heroku-postgresql has no option --${unknown} here`,
      `It has --version: ${enumerate(MAJORS, 'or')}.`,
    );
  if (version === undefined || isMajor(version)) return version;
  throw new UserError(
    'BAD_ADDON_OPTION',
    `There is no PostgreSQL ${version} to choose`,
    `Choose ${enumerate(MAJORS, 'or')}.`,
  );
}
