/** Writes the env file of an export. */

import { UserError } from '../base/errors.js';

/**
 * One `KEY=value` a line, without quotes or escapes: so read `docker stack deploy`, `docker run`, `kubectl` and
 * kustomize. https://docs.docker.com/reference/cli/docker/container/run/#env
 * @throws UserError `BAD_CONFIG_NAME`, `BAD_CONFIG_VALUE`
 */
export function writeEnvFile(vars: ReadonlyMap<string, string>): string {
  return Array.from(vars, ([key, value]) => {
    if (!/^[\w.-]+$/.test(key))
      throw new UserError('BAD_CONFIG_NAME', `${key} cannot be the name of a variable in an env file`);
    if (/[\r\n]/.test(value))
      throw new UserError(
        'BAD_CONFIG_VALUE',
        `The value of ${key} has several lines, which no env file of an engine can have`,
        'Write it in one line, for example in base64.',
      );
    return `${key}=${value}\n`;
  }).join('');
}
