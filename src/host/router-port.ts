import { canListen } from '../base/can-listen.js';
import type { Clock } from '../base/clock.js';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { holderOf, isTakenByIPv6 } from '../dynos/proc.js';
import { isMissing } from '../router/listen.js';
import { type Router, type RouterOptions, startRouter } from '../router/server.js';

/** How many ports to try after a taken one. */
const TRIES = 100;

/**
 * Starts the router on its port, or on the next free one unless the user chose the port. `listenOnIPv6Soon` adds [::1].
 * @throws UserError `PORT_TAKEN`, `PORT_FORBIDDEN`, `BAD_HOST`
 */
export async function startRouterOnPort(options: RouterOptions, isPortGiven: boolean): Promise<Router> {
  const last = isPortGiven ? options.port : Math.min(options.port + TRIES, 65_535);
  for (let port = options.port; ; port++) {
    try {
      // A browser would open http://localhost on [::1].
      if (options.host === undefined && (await isTakenOnIPv6(port))) throw PORT_IN_USE;
      return await startRouter({ ...options, port, isIPv6Later: true });
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE' || port >= last) throw asUserError(error, port, options.host);
    }
  }
}

/**
 * Whether another program listens on this port of [::1]. The kernel takes milliseconds to list its sockets, so they are
 * only listed if the port is in use on some IPv6 address.
 */
async function isTakenOnIPv6(port: number): Promise<boolean> {
  if (port === 0) return false;
  // Any other error: there is no IPv6.
  const isFree = await canListen({ port, ipv6Only: true }).catch(() => false);
  return !isFree && isTakenByIPv6(port);
}

/** Like the system's error. */
const PORT_IN_USE = Object.assign(new Error('The port is taken on [::1]'), { code: 'EADDRINUSE' });

/** Node's first use of IPv6 takes milliseconds, which must not delay the first line of a dyno. */
const IPV6_AFTER_MS = 300;

/**
 * Listens on [::1] too, a little later, if the router is for http://localhost. Failure is not fatal.
 * @param onProblem called with the reason for a failure, in a sentence
 * @returns a function to call before the router is closed
 */
export function listenOnIPv6Soon(
  router: Router,
  clock: Clock,
  onProblem: (line: string) => void,
): () => Promise<void> {
  let listening = Promise.resolve();
  const cancel = clock.after(IPV6_AFTER_MS, () => {
    listening = router.listenOnIPv6().catch((error: unknown) => {
      if (!isMissing(error)) onProblem(ipv6Problem(error, router.port));
    });
  });
  return () => {
    cancel();
    return listening;
  };
}

function ipv6Problem(error: unknown, port: number): string {
  if (errorCode(error) !== 'EADDRINUSE') return `cannot listen on [::1]: ${errorMessage(error)}`;
  const holder = holderOf(port) ?? 'something else';
  return `${holder} listens on [::1]:${port}: if http://localhost:${port} leads there, use http://127.0.0.1:${port}`;
}

/**
 * The router's URL.
 * @param given the address that the user has chosen, if any
 * @param loopback the name for this machine if it listens on loopback, or on all addresses
 */
export function routerUrl(given: string | undefined, port: number, loopback: string): string {
  const host = given ?? loopback;
  const isLoopback = ['127.0.0.1', 'localhost', '0.0.0.0', '::'].includes(host);
  const name = isLoopback ? loopback : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function asUserError(error: unknown, port: number, host: string | undefined): unknown {
  switch (errorCode(error)) {
    case 'EADDRINUSE': {
      const holder = holderOf(port);
      return new UserError(
        'PORT_TAKEN',
        `Port ${port} is taken${holder ? ` by ${holder}` : ''}`,
        'Choose another one with --port; --port 0 takes any free one.',
      );
    }
    case 'EACCES':
      return new UserError('PORT_FORBIDDEN', `Port ${port} needs root`, 'Choose one above 1023 with --port.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(
        'BAD_HOST',
        `This machine has no address ${host}`,
        'Name one of its own with --host.',
      );
    default:
      return error;
  }
}
