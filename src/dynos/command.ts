import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import type { TreeSpec } from './contain/index.js';
import { plainWords } from './plain-words.js';

/**
 * Makes a dyno run a command with bash, after the app's profile scripts. Without any, a plain command may do without bash.
 * https://devcenter.heroku.com/articles/dyno-startup-behavior
 */
export function specOf(command: string, size: DynoSizeName, dyno: Omit<TreeSpec, 'command'>): TreeSpec {
  const { cwd } = dyno;
  if (!existsSync(join(cwd, '.profile')) && !existsSync(join(cwd, '.profile.d')))
    return { ...dyno, command: ['bash', '-c', command], words: plainWords(command, dyno.env) };
  const { memoryMb, cpus } = DYNO_SIZES[size];
  return {
    ...dyno,
    command: ['bash', '-c', PROFILE_RUNNER, 'bash', command, String(memoryMb), String(cpus)],
  };
}

/**
 * As on Heroku, the command gets its own bash, and does not see what the profile scripts do not export. Neither does it
 * see the two variables that tell them the dyno's size.
 */
const PROFILE_RUNNER = [
  'dynosim_memory_mb=$2 dynosim_cpus=$3',
  'for profile in .profile.d/*.sh .profile; do',
  '  if [ -f "$profile" ]; then . "./$profile"; fi',
  'done',
  'exec bash -c "$1"',
].join('\n');

const REFERENCE = /\$([A-Za-z_][A-Za-z0-9_]*)/g;

/** One of these at the end of a word in a name means a secret (`PGPASSWORD`, not `TOKENIZERS_PARALLELISM`). */
const SECRET_WORD =
  /(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)S?(?:_|\d|$)/i;
/** These mean a secret only at the end of a name. `PWD` alone is the folder. */
const SECRET_ENDING = /(?:^|_)(?:KEY|PASS|PRIVATE|DSN|AUTH|AUTHORIZATION)$|_PWD$/i;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*:[^/\s]*@/i;

/**
 * A command as Heroku logs it, with the values of `$NAME`, but not of `${NAME}`. Unlike on Heroku, values that look
 * secret are masked, because other people may see a terminal.
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
