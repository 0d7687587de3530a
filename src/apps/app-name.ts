import { basename, resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { realFolder } from '../base/folders.js';
import { idOf } from '../base/ids.js';
import { APP_NAME_LENGTH } from '../base/limits.js';

const VALID_NAME = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/** A folder's name made into an app's: `My App_2` → `my-app-2`. */
export function appNameOf(dir: string): string {
  const name = basename(resolve(dir))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, APP_NAME_LENGTH)
    .replace(/-+$/, '');
  return VALID_NAME.test(name) ? name : `app${name === '' ? '' : `-${name}`}`;
}

/** The ID of the app in a folder: the same at each start, because its add-ons belong to it. */
export function appIdOf(dir: string): string {
  return idOf('app', realFolder(dir));
}

export function checkAppName(name: string): string {
  if (VALID_NAME.test(name) && name.length <= APP_NAME_LENGTH) return name;
  throw new UserError(
    'BAD_APP_NAME',
    `"${name}" is not a name for an app`,
    `Use up to ${APP_NAME_LENGTH} lower-case letters, digits and dashes, a letter first.`,
  );
}
