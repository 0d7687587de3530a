import { crypto } from '../base/crypto.js';

/**
 * What dynosim's own client and one running dynosim show each other instead of the user's token, so that no other program
 * gets the token if it has the port of a dynosim that was killed. Both know them, and nobody else: they are made from the
 * token. They are worth nothing to any other dynosim, not even to the next one on that port.
 */
export interface InstanceSecrets {
  /** Opens the API, as the user's token does. */
  readonly token: string;
  /** By which a client knows this dynosim. */
  readonly proof: string;
}

/** @param token the user's */
export function instanceSecrets(token: string, instance: string): InstanceSecrets {
  const about = (use: string): string =>
    crypto().createHmac('sha256', token).update(`${use}\n${instance}`).digest('base64url');
  return { token: about('token'), proof: about('proof') };
}
