import getPort, { portNumbers } from 'get-port';
import { UserError } from '../base/errors.js';
import { DYNO_PORTS } from '../base/limits.js';

/**
 * On Linux this fails where anything listens that IPv4 reaches, and takes a tenth of a millisecond. All addresses
 * take a whole one per dyno, several of the first; only they show what listens on IPv6 alone.
 */
const PROBE = process.platform === 'linux' ? { host: '0.0.0.0' } : {};

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Hands out free ports of a range at random, as Heroku does for dynos. The usual range is below the one that the system
 * itself takes ports from for outgoing connections: a port from there could be taken while the dyno boots.
 * The only file that imports get-port, which finds the ports and keeps two callers from getting the same one.
 */
export class Ports {
  readonly #range: PortRange;
  readonly #given = new Set<number>();

  constructor(range: PortRange = DYNO_PORTS) {
    this.#range = range;
  }

  /**
   * A port on which nothing listens now. It is not given again before all others have been.
   * @throws UserError `NO_PORT_LEFT`
   */
  async take(): Promise<number> {
    const port = (await this.#find()) ?? (await this.#findAmongGiven());
    if (port !== undefined) return port;
    const { from, to } = this.#range;
    throw new UserError(
      'NO_PORT_LEFT',
      `No port between ${from} and ${to} is free`,
      'Stop what listens there.',
    );
  }

  async #find(): Promise<number | undefined> {
    const port = await getPort({ port: inTurn(this.#range), exclude: this.#given, ...PROBE });
    // Where none is left, the system's choice is the answer.
    if (port < this.#range.from || port > this.#range.to) return undefined;
    this.#given.add(port);
    return port;
  }

  #findAmongGiven(): Promise<number | undefined> {
    this.#given.clear();
    return this.#find();
  }
}

/** All of a range, beginning anywhere. */
function* inTurn({ from, to }: PortRange): Generator<number> {
  const first = from + Math.floor(Math.random() * (to - from + 1));
  yield* portNumbers(first, to);
  if (first > from) yield* portNumbers(from, first - 1);
}
