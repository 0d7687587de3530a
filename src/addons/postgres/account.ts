import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt } from 'node:crypto';

/** Who an app is in its database, and what the database is called. */
export interface Account {
  /** `u` and 13 characters, as on Heroku. */
  readonly user: string;
  /** `p` and 64 hexadecimal digits. */
  readonly password: string;
  /** `d` and 13 characters. */
  readonly database: string;
}

export function inventAccount(): Account {
  return { user: `u${word()}`, password: inventPassword(), database: `d${word()}` };
}

export function inventPassword(): string {
  return `p${randomBytes(32).toString('hex')}`;
}

function word(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 13 }, () => letters.charAt(randomInt(letters.length))).join('');
}

const ITERATIONS = 4096;

/**
 * What PostgreSQL keeps of a password. A log or disk with this verifier does not reveal the password itself.
 * https://www.postgresql.org/docs/17/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
