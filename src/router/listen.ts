import type { Server } from 'node:net';
import { errorCode } from '../base/errors.js';

const PORT_TRIES = 20;

/**
 * Listens on one port of several addresses, without those that the machine does not have.
 * @param port 0: one that is free on all addresses
 */
export async function listen<S extends Server>(
  createServer: () => S,
  addresses: readonly string[],
  port: number,
): Promise<readonly S[]> {
  for (let tries = 1; ; tries += 1) {
    const servers: S[] = [];
    try {
      await listenOnAll(createServer, addresses, port, servers);
      return servers;
    } catch (error) {
      for (const server of servers) server.close();
      // A port that was free on one address may be in use on another.
      if (port !== 0 || errorCode(error) !== 'EADDRINUSE' || tries === PORT_TRIES) throw error;
    }
  }
}

async function listenOnAll<S extends Server>(
  createServer: () => S,
  addresses: readonly string[],
  port: number,
  servers: S[],
): Promise<void> {
  let missing: unknown;
  for (const host of addresses) {
    const server = createServer();
    const [first] = servers;
    try {
      await listenOne(server, host, first === undefined ? port : portOf(first));
      servers.push(server);
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing = error;
    }
  }
  if (servers.length === 0) throw missing;
}

function listenOne(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether the machine does not have the address, such as ::1 where IPv6 is off. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
