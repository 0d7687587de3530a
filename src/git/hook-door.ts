import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { GitEnvironment } from './git.js';
import type { HookLines } from './hook.js';

/** A TCP port to which the hook of one push connects if it has not inherited git's descriptors. */
export class HookDoor {
  /** Resolves when the hook has connected. */
  readonly lines: Promise<HookLines>;
  readonly #server: Server;
  readonly #key = randomUUID();
  /** Connections that have not sent the key yet. */
  readonly #strangers = new Set<Socket>();
  readonly #hooks = new Map<string, Socket>();

  private constructor() {
    this.#server = createServer();
    this.lines = new Promise((resolve) => {
      this.#server.on('connection', (socket) => {
        this.#strangers.add(socket);
        socket.on('error', () => socket.destroy()).once('close', () => this.#strangers.delete(socket));
        socket.once('data', (first: Buffer) => {
          this.#admit(socket, first);
          const [talk, status] = [this.#hooks.get('3'), this.#hooks.get('4')];
          if (talk && status) resolve({ talk, status });
        });
      });
    });
  }

  static async open(): Promise<HookDoor> {
    const door = new HookDoor();
    door.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(door.#server, 'listening');
    return door;
  }

  /** Variables that tell the hook where to connect. */
  get env(): GitEnvironment {
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { DYNOSIM_HOOK_PORT: String(port), DYNOSIM_HOOK_KEY: this.#key };
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#strangers) socket.destroy();
  }

  /** Checks the key, because other users of the machine can connect, too. */
  #admit(socket: Socket, first: Buffer): void {
    const end = first.indexOf('\n') + 1;
    const [key, line = ''] = first.toString('latin1', 0, end).trim().split(' ');
    if (key !== this.#key) return void socket.destroy();
    this.#strangers.delete(socket);
    socket.pause().unshift(first.subarray(end));
    this.#hooks.set(line, socket);
  }
}
