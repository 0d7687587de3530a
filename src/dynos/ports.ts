import getPort, { portNumbers } from 'get-port';
import { UserError } from '../base/errors.js';
import { DYNO_PORTS } from '../base/limits.js';
import { Turns } from '../base/turns.js';

/**
 * On Linux, binding this address fails for any port that is in use on IPv4, and takes 0.1 ms. Trying all addresses
 * takes 1 ms for each dyno, and several for the first, only to find ports in use on IPv6 alone.
 */
const PROBE = process.platform === 'linux' ? { host: '0.0.0.0' } : {};

/** The first of these ports on which nothing listens on 127.0.0.1; any other if there is none. */
export function freeOf(ports: Iterable<number>): Promise<number> {
  return getPort({ port: ports, host: '127.0.0.1' });
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Hands out random free ports, as Heroku does. The default range is below the system's range for outgoing connections,
 * which could take a port while the dyno boots. get-port finds free ports, and never gives two callers the same one.
 */
export class Ports {
  readonly #range: PortRange;
  readonly #given = new Set<number>();
  /** Of many dynos that start at once, the first one runs while the port of the next one is tested. */
  readonly #turns = new Turns();

  constructor(range: PortRange = DYNO_PORTS) {
    this.#range = range;
  }

  /**
   * Returns a port on which nothing listens. It is not reused until all others have been used.
   * @throws UserError `NO_PORT_LEFT`
   */
  take(): Promise<number> {
    return this.#turns.take(() => this.#take());
  }

  async #take(): Promise<number> {
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
    const port = await getPort({ port: this.#candidates(), ...PROBE });
    // get-port returns a port outside the range if none is left.
    if (port < this.#range.from || port > this.#range.to) return undefined;
    this.#given.add(port);
    return port;
  }

  *#candidates(): Generator<number> {
    for (const port of inTurn(this.#range)) if (!this.#given.has(port)) yield port;
  }

  #findAmongGiven(): Promise<number | undefined> {
    this.#given.clear();
    return this.#find();
  }
}

/** All ports of a range, from a random one on. */
function* inTurn({ from, to }: PortRange): Generator<number> {
  const first = from + Math.floor(Math.random() * (to - from + 1));
  yield* portNumbers(first, to);
  if (first > from) yield* portNumbers(from, first - 1);
}
