import type { Socket } from 'node:net';
import type { Backend } from '../backends.js';
import type { Llhttp } from './llhttp.js';
import {
  type ResponseEvents,
  type ResponseFault,
  type ResponseHead,
  ResponseParser,
} from './response-parser.js';
import type { DynoSocket } from './socket.js';

/** Called with a response as it comes, by the connection that carries it. */
export interface ResponseListener {
  /** Something came: a whole response or a single byte. */
  onBytes(): void;
  /** All that came has been told. */
  onParsed(): void;
  /** A 1xx other than 101; the response is still to come. */
  onInformation(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** A view that is valid until this returns. */
  onBody(view: Buffer): void;
  /** The last event of a response. Trailers: names and values in turn. */
  onEnd(trailers: readonly string[]): void;
  /** Instead of a response: the dyno speaks another protocol from here on. `rest` came with the head. */
  onUpgrade(head: ResponseHead, socket: Socket, rest: Buffer): void;
  /** The dyno takes more of the request's body. */
  onDrain(): void;
  /** The last event too. */
  onFailure(failure: ConnectionFailure): void;
}

/** The dyno closed the connection, or sent what is no HTTP; or we have a bug. */
export type ConnectionFailure = 'closed' | ResponseFault | Error;

export interface DynoConnectionOptions {
  readonly backend: Backend;
  /** Connected. */
  readonly socket: DynoSocket;
  readonly llhttp: Llhttp;
  readonly connectMs: number;
  /** Takes the connection when a request is done with it. */
  readonly giveBack: (connection: DynoConnection) => void;
}

/** A connection to a dyno that carries one request at a time. */
export class DynoConnection implements ResponseEvents {
  readonly backend: Backend;
  /** How long the TCP connect took; 0 from the second request on. */
  connectMs: number;
  /** It has carried a request before: the dyno may have closed it in the meantime. */
  isReused = false;
  /** How long the dyno has said that it keeps the connection open; undefined: it did not say. */
  announcedMs: number | undefined;
  readonly #socket: DynoSocket;
  readonly #parser: ResponseParser;
  readonly #giveBack: (connection: DynoConnection) => void;
  #listener: ResponseListener | undefined;
  #onSpareEnd: (() => void) | undefined;
  #upgrade: ResponseHead | undefined;
  #keepAlive = false;
  #isInformation = false;

  constructor({ backend, socket, llhttp, connectMs, giveBack }: DynoConnectionOptions) {
    this.backend = backend;
    this.connectMs = connectMs;
    this.#socket = socket;
    this.#giveBack = giveBack;
    this.#parser = new ResponseParser(llhttp, this);
    socket.onRead = this.#onRead;
    socket
      .on('drain', this.#onDrain)
      .on('end', this.#onFin)
      .on('error', ignore) // 'close' follows
      .on('close', this.#onClose);
  }

  /** Sends the head of a request. The listener hears of its response, until `onEnd`, `onUpgrade` or `onFailure`. */
  send(head: string, isHeadRequest: boolean, listener: ResponseListener): void {
    this.#listener = listener;
    this.#onSpareEnd = undefined;
    this.#keepAlive = false;
    this.#parser.expect(isHeadRequest ? 'head only' : 'response');
    this.#socket.write(head, 'latin1');
  }

  /** Sends a piece of the body. False: the dyno does not keep up, `onDrain` will say when it does. */
  write(chunk: Buffer): boolean {
    return this.#socket.write(chunk);
  }

  /** Sends a piece of the body as a chunk. */
  writeChunk(chunk: Buffer): boolean {
    const socket = this.#socket;
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    socket.write(chunk);
    const goesOn = socket.write('\r\n', 'latin1');
    socket.uncork();
    return goesOn;
  }

  /** Ends a body sent in chunks. */
  endChunks(trailers: readonly string[]): void {
    let lines = '';
    for (let i = 0; i < trailers.length; i += 2) lines += `${trailers[i]}: ${trailers[i + 1]}\r\n`;
    this.#socket.write(`0\r\n${lines}\r\n`, 'latin1');
  }

  /** Holds back the response. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** After `onEnd`, and once the request has been sent to its end: somebody else may have the connection. */
  release(): void {
    this.#giveBack(this);
  }

  /** The dyno lets the connection be used again. */
  get isReusable(): boolean {
    return this.#keepAlive && !this.#socket.destroyed && this.#socket.readable;
  }

  /** Nobody uses the connection for now. `onEnd`: the dyno has closed it meanwhile, or sent what nobody asked for. */
  rest(onEnd: () => void): void {
    this.isReused = true;
    this.connectMs = 0;
    this.#onSpareEnd = onEnd;
    // The last response may have been held back to its end.
    this.#socket.resume();
  }

  /** Closes the connection at once; no listener hears of it. */
  destroy(): void {
    this.#listener = undefined;
    this.#onSpareEnd = undefined;
    this.#socket.destroy();
  }

  readonly #onRead = (view: Buffer): boolean => {
    this.#listener?.onBytes();
    try {
      const parsed = this.#parser.execute(view);
      this.#listener?.onParsed();
      if (parsed.kind === 'fault') this.#fail(parsed.fault);
      else if (parsed.kind === 'upgraded') this.#handOver(parsed.rest);
    } catch (error) {
      // A listener threw: our bug, and this request's end, but not that of all others.
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    return true;
  };

  readonly #onDrain = (): void => this.#listener?.onDrain();

  readonly #onFin = (): void => {
    // The end of the connection is the end of a response that has no length.
    if (this.#listener !== undefined) this.#parser.finish();
    this.#fail('closed');
  };

  readonly #onClose = (): void => {
    this.#parser.free();
    this.#fail('closed');
  };

  #fail(failure: ConnectionFailure): void {
    const listener = this.#listener;
    const onSpareEnd = this.#onSpareEnd;
    this.destroy();
    listener?.onFailure(failure);
    onSpareEnd?.();
  }

  #handOver(rest: Buffer): void {
    const listener = this.#listener;
    const head = this.#upgrade;
    const socket = this.#socket;
    if (listener === undefined || head === undefined) return this.#fail('closed');
    this.#listener = undefined;
    socket.off('drain', this.#onDrain).off('end', this.#onFin).pause();
    socket.onRead = socket.readAsStream;
    listener.onUpgrade(head, socket, Buffer.from(rest));
  }

  // What the parser finds.

  onHead(head: ResponseHead): void {
    this.#isInformation = head.status < 200;
    if (head.status === 101) this.#upgrade = head;
    else if (this.#isInformation) this.#listener?.onInformation(head);
    else {
      this.#keepAlive = head.keepAlive;
      this.#listener?.onHead(head);
    }
  }

  onBody(view: Buffer): void {
    this.#listener?.onBody(view);
  }

  onEnd(trailers: readonly string[]): void {
    if (this.#isInformation) return;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onEnd(trailers);
  }
}

function ignore(): void {}
