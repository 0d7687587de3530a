import { UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';

/**
 * Reads the options of a service, which follow `--`, as Heroku's CLI does: `--version=16`, `--version 16`, `--fork`.
 * @throws UserError `BAD_ADDON_OPTION`
 */
export function readServiceOptions(words: readonly string[]): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (let index = 0; index < words.length; index++) {
    const [, key, value] = /^--([^=]+)(?:=(.*))?$/s.exec(words[index] ?? '') ?? [];
    if (key === undefined)
      throw new UserError(
        'BAD_ADDON_OPTION',
        `${quote(words[index] ?? '')} is no option of the service`,
        'Options begin with two dashes and follow --, for example: -- --version=16',
      );
    const next = words[index + 1];
    const takesNext = value === undefined && next !== undefined && !next.startsWith('--');
    options[key] = value ?? (takesNext ? next : 'true');
    if (takesNext) index++;
  }
  return options;
}
