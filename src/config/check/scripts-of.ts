import { UserError } from '../../base/errors.js';
import { type PackageJson, readPackageJson } from '../package-json.js';

/** The scripts of an app's package.json; none if it cannot be read. */
export function scriptsOf(dir: string): PackageJson['scripts'] {
  try {
    return readPackageJson(dir)?.scripts ?? {};
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}
