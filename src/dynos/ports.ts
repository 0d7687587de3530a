import getPort from 'get-port';
import { UserError } from '../base/errors.js';
import { DYNO_PORTS } from '../base/limits.js';

/**
 * Hands out free ports for dynos in random order, as Heroku does, from below the range the system itself hands
 * out for outgoing connections: a port from there could be taken while the dyno boots.
 * The only file that imports get-port.
 */
export class Ports {
  readonly #order = shuffle(DYNO_PORTS.from, DYNO_PORTS.to);
  #next = 0;

  /**
   * A port on which nothing listens now. It is not given again before all others have been.
   * @throws UserError `NO_PORT_LEFT`
   */
  async take(): Promise<number> {
    for (let tries = 0; tries < this.#order.length; tries++) {
      const candidate = this.#order[this.#next] ?? 0;
      this.#next = (this.#next + 1) % this.#order.length;
      // With one candidate, any other answer means that it is taken.
      if ((await getPort({ port: candidate })) === candidate) return candidate;
    }
    throw new UserError(
      'NO_PORT_LEFT',
      `No free port is left between ${DYNO_PORTS.from} and ${DYNO_PORTS.to}`,
    );
  }
}

function shuffle(from: number, to: number): readonly number[] {
  const ports = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  for (let last = ports.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [ports[last], ports[other]] = [ports[other] ?? 0, ports[last] ?? 0];
  }
  return ports;
}
