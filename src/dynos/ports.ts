import { canListen } from '../base/can-listen.js';
import { UserError } from '../base/errors.js';
import { DYNO_PORTS } from '../base/limits.js';
import { Turns } from '../base/turns.js';
import { claim, claimedPorts } from './port-claims.js';

/**
 * On Linux, binding this address fails for any port that is in use on IPv4, and takes 0.1 ms. Trying all addresses
 * takes 1 ms for each dyno, and several for the first, only to find ports in use on IPv6 alone.
 */
const PROBE = process.platform === 'linux' ? { host: '0.0.0.0' } : undefined;

/** By all hosts in this process. */
const given = new Set<number>();

/** The first of these ports on which nothing listens on 127.0.0.1; any other if there is none. */
export function freeOf(ports: Iterable<number>): Promise<number> {
  return search(ports, { host: '127.0.0.1' });
}

/** Loads get-port on demand. It never gives two callers the same port. */
async function search(port: Iterable<number>, where: { readonly host?: string }): Promise<number> {
  const { default: getPort } = await import('get-port');
  return getPort({ port, ...where });
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Hands out random free ports, as Heroku does. The default range is below the system's range for outgoing connections,
 * which could take a port while the dyno boots. No two hosts get the same port, not even those of other processes.
 */
export class Ports {
  readonly #range: PortRange;
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
    return (await this.#tryOne()) ?? (await this.#search());
  }

  /** Nearly always, the first one is free. get-port would list the addresses of this machine first. */
  async #tryOne(): Promise<number | undefined> {
    if (PROBE === undefined) return undefined;
    for (const port of this.#candidates()) {
      if (!(await claim(port))) continue;
      given.add(port);
      return (await canListen({ port, ...PROBE })) ? port : undefined;
    }
    return undefined;
  }

  async #search(): Promise<number | undefined> {
    const port = await search(this.#candidates(), { ...PROBE });
    // get-port returns a port outside the range if none is left.
    if (!isIn(this.#range, port)) return undefined;
    given.add(port);
    return port;
  }

  /** The ports of the range that have not been given: first those that are claimed, then all. */
  *#candidates(): Generator<number> {
    const { from, to } = this.#range;
    const claimed = claimedPorts().filter((port) => isIn(this.#range, port));
    for (const index of fromRandom(claimed.length)) {
      const port = claimed[index];
      if (port !== undefined && !given.has(port)) yield port;
    }
    for (const index of fromRandom(to - from + 1)) if (!given.has(from + index)) yield from + index;
  }

  #findAmongGiven(): Promise<number | undefined> {
    for (const port of given) if (isIn(this.#range, port)) given.delete(port);
    return this.#search();
  }
}

function isIn({ from, to }: PortRange, port: number): boolean {
  return port >= from && port <= to;
}

/** All numbers below this one, from a random one on. */
function* fromRandom(count: number): Generator<number> {
  const first = Math.floor(Math.random() * count);
  for (let index = 0; index < count; index += 1) yield (first + index) % count;
}
