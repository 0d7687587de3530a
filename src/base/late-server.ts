import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'node:net';

/**
 * A server that listens at once, and creates the HTTP server behind it with the first connection. Loading node:http and
 * creating servers takes milliseconds, for which a dyno's first line would have to wait.
 */
export class LateServer extends Server {
  readonly #create: () => HttpServer;
  #server: HttpServer | undefined;

  constructor(create: () => HttpServer) {
    // As node:http does it.
    super({ allowHalfOpen: true, noDelay: true });
    this.#create = create;
    this.on('connection', (socket: Socket) => {
      this.#server ??= this.#open();
      // It tracks connections once it listens, of which it learns before this.
      process.nextTick(() => this.#server?.emit('connection', socket));
    });
  }

  /** From now on, connections go to the new server alone. */
  #open(): HttpServer {
    return this.#create().listen(this);
  }

  /** Stops listening. The callback is called when no connection is left. */
  override close(callback?: (error?: Error) => void): this {
    if (this.#server) this.#server.close(callback);
    else super.close(callback);
    return this;
  }
}
