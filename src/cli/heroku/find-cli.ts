import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserError } from '../../base/errors.js';

/**
 * The file of Heroku's CLI: `$DYNOSIM_HEROKU_BIN`, else `heroku` on the PATH.
 * @throws UserError `NO_HEROKU_CLI`
 */
export function findHerokuCli({ DYNOSIM_HEROKU_BIN: given, PATH = '' }: NodeJS.ProcessEnv): string {
  const files = given ? [given] : PATH.split(delimiter).map((folder) => join(folder || '.', 'heroku'));
  const found = files.find(isExecutable);
  if (found !== undefined) return found;
  throw new UserError(
    'NO_HEROKU_CLI',
    given ? `DYNOSIM_HEROKU_BIN names ${given}, which cannot be run` : 'There is no Heroku CLI on the PATH',
    'Install it by "npm install -g heroku", or name it by DYNOSIM_HEROKU_BIN.',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
