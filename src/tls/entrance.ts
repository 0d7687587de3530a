import type { Socket } from 'node:net';
import type { FrontOptions, TlsFront } from './front.js';
import { helloOf } from './hello.js';

/** Where connections come in that turn out to speak TLS. What they need is loaded for the first of them. */
export class TlsEntrance {
  readonly #options: FrontOptions;
  #front: Promise<TlsFront> | undefined;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /**
   * Takes over a connection that node:http could not read, if it speaks TLS.
   * @param error what node:http says
   * @returns false: it does not
   */
  take(error: Error, socket: Socket): boolean {
    const hello = helloOf(error, socket);
    if (hello === undefined) return false;
    // node:http is not to read it a second time.
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
