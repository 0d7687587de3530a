import type { Socket } from 'node:net';
import type { FrontOptions, TlsFront } from './front.js';
import { helloOf } from './hello.js';

/** Recognizes TLS on a port for HTTP. Loads the code for TLS with the first such connection. */
export class TlsEntrance {
  readonly #options: FrontOptions;
  #front: Promise<TlsFront> | undefined;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /**
   * Takes over a connection that node:http could not parse, if it is TLS.
   * @param error from node:http
   * @returns whether it is TLS
   */
  take(error: Error, socket: Socket): boolean {
    const hello = helloOf(error, socket);
    if (hello === undefined) return false;
    // Keep node:http from reading it again.
    socket.pause().removeAllListeners('data').unshift(hello);
    this.#front ??= this.#load();
    void this.#front.then((front) => front.take(socket));
    return true;
  }

  async #load(): Promise<TlsFront> {
    const { TlsFront } = await import('./front.js');
    return new TlsFront(this.#options);
  }
}
