/** Names for engines that take only DNS labels. https://www.rfc-editor.org/rfc/rfc1123#section-2 */

import { UserError } from '../base/errors.js';
import { quote } from '../base/wording.js';

/** The longest name. Kubernetes adds to those of StatefulSets and CronJobs, up to the 63 letters of a label. */
const LONGEST = 52;

/** Makes a DNS label of a name: `Web_Worker` → `web-worker`. Empty if there is no letter and no digit in it. */
export function dnsLabel(name: string, longest = LONGEST): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, longest)
    .replace(/-$/, '');
}

interface NameRules {
  /** Comes before each. */
  readonly prefix?: string;
  /** The names that others have. */
  readonly taken?: ReadonlyMap<string, string>;
  /** The longest name, if an engine takes less than others. */
  readonly longest?: number;
}

/**
 * The names of services, by what they are made of.
 * @param names process types, `release` and add-ons
 * @throws UserError `NAME_CLASH`, `NAME_EMPTY`
 */
export function serviceNames(
  names: readonly string[],
  { prefix = '', taken = new Map(), longest = LONGEST }: NameRules = {},
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const name of names) {
    if (dnsLabel(name) === '')
      throw new UserError('NAME_EMPTY', `${quote(name)} cannot be the name of a service`, RENAME);
    const label = dnsLabel(prefix + name, longest);
    const [other] = [...taken, ...labels].find(([, one]) => one === label) ?? [];
    if (other !== undefined)
      throw new UserError(
        'NAME_CLASH',
        other === name
          ? `${quote(name)} would be the service ${label}, a name that the exported files need`
          : `${quote(other)} and ${quote(name)} would both be the service ${label}`,
        RENAME,
      );
    labels.set(name, label);
  }
  return labels;
}

const RENAME = 'Rename it: engines take letters, digits and dashes.';

/** @throws UserError `BAD_IMAGE_NAME` */
export function checkImage(name: string): string {
  const part = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
  const host = '(?:[a-zA-Z0-9.-]+(?::\\d+)?/)?';
  // https://pkg.go.dev/github.com/distribution/reference
  if (
    new RegExp(`^${host}${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`).test(name)
  )
    return name;
  throw new UserError(
    'BAD_IMAGE_NAME',
    `${quote(name)} is not the name of an image`,
    'Write for example registry.example.com/my-app:v1.',
  );
}

/** @throws UserError `BAD_HOST_NAME` */
export function checkHost(name: string): string {
  const isName =
    name.length <= 253 &&
    /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
  if (isName) return name;
  throw new UserError(
    'BAD_HOST_NAME',
    `${quote(name)} is not a host name`,
    'Write for example my-app.example.com.',
  );
}
