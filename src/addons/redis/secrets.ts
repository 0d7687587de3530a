import { randomBytes } from 'node:crypto';
import type { Settings } from '../driver.js';

/** Like Heroku's: `p` and 64 hexadecimal digits. */
export function newPassword(): string {
  return `p${randomBytes(32).toString('hex')}`;
}

/** The settings of a new add-on: its password, and the name of its CONFIG command, which only dynosim uses. */
export function newSecrets(): Settings {
  return { password: newPassword(), config: `config-${randomBytes(16).toString('hex')}` };
}
