import getPort from 'get-port';
import { UserError } from '../base/errors.js';
import { DYNO_PORTS } from '../base/limits.js';

/**
 * On Linux this fails where anything listens that IPv4 reaches, and takes a tenth of a millisecond. All addresses
 * take a whole one per dyno, several of the first; only they show what listens on IPv6 alone.
 */
const PROBE = process.platform === 'linux' ? { host: '0.0.0.0' } : {};

/**
 * Hands out free ports for dynos at random, as Heroku does, from below the range the system itself hands out for
 * outgoing connections: a port from there could be taken while the dyno boots.
 * The only file that imports get-port.
 */
export class Ports {
  readonly #givenBefore = new Set<number>();

  /**
   * A port on which nothing listens now. It is not given again before all others have been.
   * @throws UserError `NO_PORT_LEFT`
   */
  async take(): Promise<number> {
    const count = DYNO_PORTS.to - DYNO_PORTS.from + 1;
    if (this.#givenBefore.size >= count) this.#givenBefore.clear();
    const first = Math.floor(Math.random() * count);
    for (let offset = 0; offset < count; offset++) {
      const port = DYNO_PORTS.from + ((first + offset) % count);
      if (this.#givenBefore.has(port)) continue;
      this.#givenBefore.add(port);
      // With one candidate, any other answer means that it is taken.
      if ((await getPort({ port, ...PROBE })) === port) return port;
    }
    throw new UserError(
      'NO_PORT_LEFT',
      `No port between ${DYNO_PORTS.from} and ${DYNO_PORTS.to} is free`,
      'Stop what listens there.',
    );
  }
}
