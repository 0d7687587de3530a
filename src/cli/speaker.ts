import type { AppControl } from '../api/control.js';
import { UserError } from '../base/errors.js';
import { nearest } from '../base/wording.js';
import { hintForType } from '../procfile/formation.js';
import { appName } from './output.js';

/** Names in the log besides the dynos of the formation. */
const OTHERS = ['router', 'api', 'heroku', 'run', 'release', 'logplex'];

/**
 * Refuses a dyno or type that the app never had. A dyno that is gone, or does not exist yet, is allowed.
 * @throws UserError `UNKNOWN_TYPE`
 */
export async function requireSpeaker(app: AppControl, typed: string | undefined): Promise<void> {
  const [type] = typed?.split('.') ?? [];
  if (type === undefined || OTHERS.includes(type)) return;
  const known = (await app.formation()).map((entry) => entry.type);
  if (known.includes(type)) return;
  const never = new AbortController().signal;
  for await (const _ of app.logs({ lines: 1, tail: false, type }, never)) return;
  throw unknownSpeaker(typed ?? '', known, ` on ${appName(app)}`);
}

/**
 * Refuses names in a list of dynos, process types and the router if neither the app nor the platform has them.
 * @throws UserError `UNKNOWN_TYPE`
 */
export function refuseUnknownSpeakers(names: readonly string[], types: readonly string[]): void {
  const unknown = names.find((name) => ![...types, ...OTHERS].includes(name.split('.', 1).join()));
  if (unknown !== undefined) throw unknownSpeaker(unknown, types);
}

function unknownSpeaker(typed: string, types: readonly string[], where = ''): UserError {
  const type = typed.split('.', 1).join();
  const meant = nearest(type, [...types, ...OTHERS]);
  return new UserError(
    'UNKNOWN_TYPE',
    type === '' ? `There is no dyno "${typed}"` : `There is no process type ${type}${where}`,
    meant ? `Did you mean ${meant}?` : hintForType(type, types),
  );
}
