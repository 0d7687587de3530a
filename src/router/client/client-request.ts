import { IncomingMessage } from 'node:http';

/**
 * A request as node:http makes it, but for the body that it does not have. Of every request node:http makes a stream,
 * which it starts, ends and tears down, and one without a body costs more by that than by its head. This one is over
 * with its head once it is told so, as with `optimizeEmptyRequests` of newer versions of Node.
 */
export class ClientRequest extends IncomingMessage {
  #isOver = false;

  /** It has no body, and nobody will read it. */
  over(): void {
    this.#isOver = true;
  }

  // node:http keeps a request until this says yes. To TypeScript it is no accessor that could be overridden.
  static {
    Object.defineProperty(ClientRequest.prototype, 'readableEnded', {
      get(this: ClientRequest): boolean {
        return this.#isOver || Reflect.get(IncomingMessage.prototype, 'readableEnded', this);
      },
    });
  }

  override resume(): this {
    return this.#isOver ? this : super.resume();
  }

  override read(size?: number): unknown {
    return this.#isOver ? null : super.read(size);
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    return this.#isOver ? false : super.push(chunk, encoding);
  }
}
