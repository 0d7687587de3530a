import { UserError } from '../base/errors.js';

/**
 * Asks for `--confirm` before something is lost for good.
 * @param danger what would be lost, in a sentence without a period
 * @param command how to do it, without the flag: `pg:reset DATABASE`
 * @param app the name that the flag must have
 * @throws UserError `NOT_CONFIRMED`
 */
export function requireConfirmed(
  danger: string,
  command: string,
  app: string,
  confirm: string | undefined,
): void {
  if (confirm === app) return;
  throw new UserError('NOT_CONFIRMED', danger, `To go on: dynosim ${command} --confirm ${app}`);
}
