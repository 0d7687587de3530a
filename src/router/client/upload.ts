import type { RealTimeouts } from '../../base/limits.js';
import type { Deadlines } from '../deadlines.js';
import type { DynoConnection } from '../dyno/connection.js';
import { passingTrailers } from '../headers.js';
import type { ProxiedRequest } from '../proxied-request.js';
import { Silence } from '../silence.js';
import type { ReadAhead, Sink } from './read-ahead.js';

export interface UploadEvents {
  /** The last byte has been sent to the dyno. */
  onSent(): void;
  /** For the idle window, the client sent nothing, or (`isHeldBack`) the dyno read nothing. */
  onSilence(): void;
}

/** Sends the body of one request to a dyno, at the pace of the slower side. */
export class Upload implements Sink {
  readonly #request: ProxiedRequest;
  readonly #body: ReadAhead;
  readonly #connection: DynoConnection;
  readonly #windowMs: number;
  readonly #events: UploadEvents;
  readonly #silence: Silence;
  readonly #isChunked: boolean;
  isDone = false;

  constructor(
    request: ProxiedRequest,
    body: ReadAhead,
    connection: DynoConnection,
    options: { readonly deadlines: Deadlines; readonly timeouts: RealTimeouts },
    events: UploadEvents,
  ) {
    this.#request = request;
    this.#body = body;
    this.#connection = connection;
    this.#windowMs = options.timeouts.idleWindow;
    this.#events = events;
    this.#silence = new Silence(request, options.deadlines, () => events.onSilence());
    this.#isChunked = request.facts.body === 'chunked';
  }

  /** Whether the dyno does not keep up. */
  get isHeldBack(): boolean {
    return this.#body.isHeldBack;
  }

  start(): void {
    this.#silence.start(this.#windowMs);
    this.#body.pipe(this);
  }

  /** To be called when the dyno accepts more. */
  onDrain(): void {
    if (this.isDone || !this.isHeldBack) return;
    this.#silence.start(this.#windowMs);
    this.#body.drain();
  }

  /** Discards the rest of the body. */
  stop(): void {
    if (this.isDone) return;
    this.#silence.stop();
    this.#body.stop();
  }

  // As the sink of the body.

  write(chunk: Buffer): boolean {
    const connection = this.#connection;
    this.#silence.start(this.#windowMs);
    return this.#isChunked ? connection.writeChunk(chunk) : connection.write(chunk);
  }

  end(): void {
    this.isDone = true;
    this.#silence.stop();
    if (this.#isChunked) this.#connection.endChunks(passingTrailers(this.#request.req.rawTrailers));
    this.#events.onSent();
  }
}
