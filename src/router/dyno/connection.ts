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

/** Receives a response from its connection. */
export interface ResponseListener {
  /** Called before the events of each read. */
  onBytes(): void;
  /** Called after the events of each read. */
  onParsed(): void;
  /** A 1xx other than 101; the response follows. */
  onInformation(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** @param view valid until this returns */
  onBody(view: Buffer): void;
  /** The last event of a response. Names and values of trailers alternate. */
  onEnd(trailers: readonly string[]): void;
  /** Instead of a response: the dyno switches to another protocol. `rest` arrived with the head. */
  onUpgrade(head: ResponseHead, socket: Socket, rest: Buffer): void;
  /** The dyno accepts more of the request's body. */
  onDrain(): void;
  /** The last event of a failed response. */
  onFailure(failure: ConnectionFailure): void;
}

/** The dyno closed the connection or sent invalid HTTP; or, as an Error, a bug in dynosim. */
export type ConnectionFailure = 'closed' | ResponseFault | Error;

export interface DynoConnectionOptions {
  readonly backend: Backend;
  /** Connected already. */
  readonly socket: DynoSocket;
  readonly llhttp: Llhttp;
  readonly connectMs: number;
  /** Takes the connection when a request is done with it. */
  readonly giveBack: (connection: DynoConnection) => void;
}

/** A connection to a dyno that carries one request at a time. */
export class DynoConnection implements ResponseEvents {
  readonly backend: Backend;
  /** How long the TCP connect took, in ms; 0 from the second request on. */
  connectMs: number;
  /** Used before: the dyno may have closed it in the meantime. */
  isReused = false;
  /** How long the dyno keeps the connection open, according to its last response. */
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

  /**
   * Sends the head of a request. The listener gets the events of its response up to `onEnd`, `onUpgrade` or
   * `onFailure`.
   */
  send(head: string, isHeadRequest: boolean, listener: ResponseListener): void {
    this.#listener = listener;
    this.#onSpareEnd = undefined;
    this.#keepAlive = false;
    this.#parser.expect(isHeadRequest ? 'head only' : 'response');
    this.#socket.write(head, 'latin1');
  }

  /** Sends part of the body. False: the dyno does not keep up; wait for `onDrain`. */
  write(chunk: Buffer): boolean {
    return this.#socket.write(chunk);
  }

  /** Sends part of the body as a chunk. */
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

  /** Stops reading the response. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Called after `onEnd`, when the whole request has been sent: another request may use the connection. */
  release(): void {
    this.#giveBack(this);
  }

  /** Whether the dyno allows another request on this connection. */
  get isReusable(): boolean {
    return this.#keepAlive && !this.#socket.destroyed && this.#socket.readable;
  }

  /** Marks the connection as spare. @param onEnd called if the dyno closes it, or sends something unexpected */
  rest(onEnd: () => void): void {
    this.isReused = true;
    this.connectMs = 0;
    this.#onSpareEnd = onEnd;
    // It may still be paused from the last response.
    this.#socket.resume();
  }

  /** Closes the connection at once, without further events. */
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
      // A bug in a listener must end this request only.
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    return true;
  };

  readonly #onDrain = (): void => this.#listener?.onDrain();

  readonly #onFin = (): void => {
    // The end of the connection ends a response without a length.
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

  // Events from the parser.

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
