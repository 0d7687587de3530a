/** Writes and judges env files. */

import { UserError } from '../base/errors.js';
import { quote } from '../base/wording.js';

/**
 * One `KEY=value` a line, without quotes or escapes: so read `docker stack deploy`, `docker run` and kustomize.
 * https://docs.docker.com/reference/cli/docker/container/run/#env
 * @throws UserError `BAD_CONFIG_NAME`, `BAD_CONFIG_VALUE`
 */
export function writeEnvFile(vars: ReadonlyMap<string, string>): string {
  return Array.from(vars, ([key, value]) => {
    checkName(key);
    if (hasLines(value))
      throw new UserError(
        'BAD_CONFIG_VALUE',
        `The value of ${key} has several lines, which env files of Docker cannot have`,
        'Write it in one line, for example in base64, or leave it out and give it to the app as a secret.',
      );
    if (!isLine(key, value))
      throw new UserError(
        'BAD_CONFIG_VALUE',
        `The value of ${key} is longer than 64 kB, which env files of Docker cannot have`,
        'Shorten it, or leave it out and give it to the app as a secret.',
      );
    return `${key}=${value}\n`;
  }).join('');
}

/** Docker refuses a longer line, and kustomize ends there, without a word. https://pkg.go.dev/bufio#MaxScanTokenSize */
const LONGEST_LINE = 64 * 1024 - 1;

/** Whether an env file can have a variable. */
export function isLine(key: string, value: string): boolean {
  return !hasLines(value) && Buffer.byteLength(`${key}=${value}`) <= LONGEST_LINE;
}

/** @throws UserError `BAD_CONFIG_NAME` */
export function checkName(key: string): void {
  if (/^[A-Za-z_][\w.-]*$/.test(key)) return;
  throw new UserError(
    'BAD_CONFIG_NAME',
    `${quote(key)} cannot be the name of a variable in an env file`,
    'Rename it: letters, digits and underscores, and no digit first.',
  );
}

export function hasLines(value: string): boolean {
  return /[\r\n]/.test(value);
}

/**
 * Whether `docker compose` reads a value as it is, too. It interpolates `$NAME`, and takes quotes and what is behind ` #`
 * away. https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
 */
export function isPlain(value: string): boolean {
  return !/\$|\s#|^[\s'"]|\s$/.test(value);
}
