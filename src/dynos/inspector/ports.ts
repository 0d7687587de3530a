import { freeOf } from '../ports.js';

/** Where Node opens its inspector by itself, and where debuggers look first. */
const NODE_INSPECTOR_PORT = 9229;

/** The first port is for the app's own process, the others are for its children, such as the workers of a cluster. */
export const PORTS_OF_A_DYNO = 10;

/** Below the ports of dynos. */
const LAST_PORT = 19_999;

/**
 * Gives each dyno of an app ports for inspectors, which it keeps as long as dynosim runs: usually 9229 is the first one of
 * the first dyno, 9239 that of the next one.
 */
export class InspectorPorts {
  readonly #byDyno = new Map<string, Promise<number>>();
  #last: Promise<number>;

  /** @param first where the ports of the first dyno begin, if they are free */
  constructor(first: number = NODE_INSPECTOR_PORT) {
    this.#last = Promise.resolve(first - PORTS_OF_A_DYNO);
  }

  /**
   * The first port of a dyno. Nothing listened on it when the dyno asked for the first time.
   * @param dyno `web.1`
   */
  of(dyno: string): Promise<number> {
    const known = this.#byDyno.get(dyno);
    if (known !== undefined) return known;
    const port = this.#last.then((last) => freeOf(portsAfter(last)));
    this.#byDyno.set(dyno, port);
    this.#last = port;
    return port;
  }
}

function* portsAfter(last: number): Generator<number> {
  for (let port = last + PORTS_OF_A_DYNO; port <= LAST_PORT; port += PORTS_OF_A_DYNO) yield port;
}
