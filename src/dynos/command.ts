import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeSpec } from './contain/index.js';

/**
 * How a command is run: by bash, after the app's profile scripts.
 * https://devcenter.heroku.com/articles/dyno-startup-behavior
 */
export function specOf(command: string, dyno: Omit<TreeSpec, 'command'>): TreeSpec {
  const { cwd } = dyno;
  if (existsSync(join(cwd, '.profile')) || existsSync(join(cwd, '.profile.d')))
    return { ...dyno, command: ['bash', '-c', PROFILE_RUNNER, 'bash', command] };
  return { ...dyno, command: ['bash', '-c', command] };
}

/** As on Heroku the command gets a bash of its own, so that what the profile scripts define but do not export ends here. */
const PROFILE_RUNNER = [
  'for profile in .profile.d/*.sh .profile; do',
  '  if [ -f "$profile" ]; then . "./$profile"; fi',
  'done',
  'exec bash -c "$1"',
].join('\n');

const REFERENCE = /\$([A-Za-z_][A-Za-z0-9_]*)/g;

/** A word of a name ends in one of these (`PGPASSWORD`, `SECRET_KEY_BASE`); `TOKENIZERS_PARALLELISM` has none. */
const SECRET_WORD =
  /(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)S?(?:_|\d|$)/i;
/** These mean a secret as the last word of a name only. `PWD` alone is the folder. */
const SECRET_ENDING = /(?:^|_)(?:KEY|PASS|PRIVATE|DSN|AUTH|AUTHORIZATION)$|_PWD$/i;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*:[^/\s]*@/i;

/**
 * The command as Heroku logs it: `$NAME` replaced by its value where the dyno has one, `${NAME}` never. Unlike
 * Heroku, values that look secret are masked: a terminal is shown around more easily than a log.
 */
export function describeCommand(command: string, env: Readonly<Record<string, string>>): string {
  return command.replace(REFERENCE, (reference: string, name: string) => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) return reference;
    return isSecret(name, value) ? '********' : value;
  });
}

function isSecret(name: string, value: string): boolean {
  return SECRET_WORD.test(name) || SECRET_ENDING.test(name) || URL_WITH_PASSWORD.test(value);
}
