/** Names for engines that take only DNS labels. https://www.rfc-editor.org/rfc/rfc1123#section-2 */

import { UserError } from '../base/errors.js';
import { quote } from '../base/wording.js';

/** The longest name. A StatefulSet's and a CronJob's pods add to theirs, up to the 63 letters of a label. */
const LONGEST = 52;

/** Makes a DNS label of a name: `Web_Worker` → `web-worker`. Empty if there is no letter and no digit in it. */
function dnsLabel(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');
}

/**
 * The names of services, by what they are made of.
 * @param names process types and add-ons, each once
 * @throws UserError `NAME_CLASH`, `NAME_EMPTY`
 */
export function serviceNames(names: readonly string[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const name of names) {
    const label = dnsLabel(name);
    if (label === '')
      throw new UserError('NAME_EMPTY', `${quote(name)} cannot be the name of a service`, RENAME);
    const other = [...labels].find(([, taken]) => taken === label)?.[0];
    if (other !== undefined)
      throw new UserError(
        'NAME_CLASH',
        `${quote(other)} and ${quote(name)} would both be the service ${label}`,
        RENAME,
      );
    labels.set(name, label);
  }
  return labels;
}

const RENAME = 'Rename it in the Procfile: letters, digits and dashes make a name.';
