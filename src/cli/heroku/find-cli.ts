import { UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';

/**
 * The file of Heroku's CLI: `$DYNOSIM_HEROKU_BIN`, else `heroku` on the PATH.
 * @throws UserError `NO_HEROKU_CLI`
 */
export function findHerokuCli({ DYNOSIM_HEROKU_BIN: given, PATH = '' }: NodeJS.ProcessEnv): string {
  const found = findProgram(given || 'heroku', PATH);
  if (found !== undefined) return found;
  throw new UserError(
    'NO_HEROKU_CLI',
    given ? `DYNOSIM_HEROKU_BIN names ${given}, which cannot be run` : 'There is no Heroku CLI on the PATH',
    'Install it with "npm install -g heroku", or set DYNOSIM_HEROKU_BIN.',
  );
}
