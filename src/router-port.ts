import { errorCode, UserError } from './base/errors.js';
import { holderOf } from './dynos/proc.js';
import { type Router, type RouterOptions, startRouter } from './router/server.js';

/** How many ports after a taken one are tried before giving up. */
const TRIES = 100;

/**
 * Starts the router on its port. A taken port that was asked for is an error; another one gives way to the next
 * that is free.
 * @throws UserError `PORT_TAKEN`, `PORT_FORBIDDEN`, `BAD_HOST`
 */
export async function startRouterOnPort(options: RouterOptions, isPortGiven: boolean): Promise<Router> {
  const last = isPortGiven ? options.port : Math.min(options.port + TRIES, 65_535);
  for (let port = options.port; ; port++) {
    try {
      return await startRouter({ ...options, port });
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE' || port >= last) throw asUserError(error, port, options.host);
    }
  }
}

function asUserError(error: unknown, port: number, host: string | undefined): unknown {
  switch (errorCode(error)) {
    case 'EADDRINUSE': {
      const holder = holderOf(port);
      return new UserError(
        'PORT_TAKEN',
        `Port ${port} is taken${holder ? ` by ${holder}` : ''}`,
        'Choose another one with --port, or leave --port out to take the next free one.',
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
