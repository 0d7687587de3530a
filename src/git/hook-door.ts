import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { GitEnvironment } from './git.js';
import type { HookLines } from './hook.js';

/** Where the hook of one push calls if git has not passed its descriptors on. */
export class HookDoor {
  /** Resolves once the hook has called. */
  readonly lines: Promise<HookLines>;
  readonly #server: Server;
  readonly #key = randomUUID();
  readonly #came = new Map<string, Socket>();

  private constructor() {
    this.#server = createServer();
    this.lines = new Promise((resolve) => {
      this.#server.on('connection', (socket) => {
        socket.on('error', () => socket.destroy());
        socket.once('data', (first: Buffer) => {
          this.#admit(socket, first);
          const [talk, status] = [this.#came.get('3'), this.#came.get('4')];
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

  /** By which the hook finds it. */
  get env(): GitEnvironment {
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { DYNOSIM_HOOK_PORT: String(port), DYNOSIM_HOOK_KEY: this.#key };
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#server.close();
  }

  /** Other users of the machine can call, too, but do not have the key. */
  #admit(socket: Socket, first: Buffer): void {
    const end = first.indexOf('\n') + 1;
    const [key, line = ''] = first.toString('latin1', 0, end).trim().split(' ');
    if (key !== this.#key) return void socket.destroy();
    socket.pause().unshift(first.subarray(end));
    this.#came.set(line, socket);
  }
}
