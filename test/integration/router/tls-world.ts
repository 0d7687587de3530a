import { once } from 'node:events';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { makeFolder } from '../../helpers/folder.js';
import { Inbox, startWorld, Wire, type World } from './world.js';

export const NOW = Date.now();

export interface TlsWorld extends World {
  readonly folder: string;
  readonly problems: Inbox<string>;
  /** A connection to the router by TLS, its hands shaken. */
  secure(options?: ConnectionOptions): Promise<Wire>;
}

/** A router that speaks TLS, too; its authority does not exist yet. */
export async function startTlsWorld(options: Parameters<typeof startWorld>[0] = {}): Promise<TlsWorld> {
  const folder = join(makeFolder(), 'dynosim');
  const problems = new Inbox<string>();
  const tls = { folder, onProblem: (problem: string) => problems.push(problem) };
  const world = await startWorld({ tls, wall: NOW, ...options });
  const secure = async (more: ConnectionOptions = {}): Promise<Wire> =>
    new Wire(await shaken({ port: world.router.port, rejectUnauthorized: false, ...more }));
  return { ...world, folder, problems, secure };
}

/** @throws what keeps the client from trusting the server */
export async function shaken(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}
