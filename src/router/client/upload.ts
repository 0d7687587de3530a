import type { RealTimeouts } from '../../base/limits.js';
import type { Deadline, Deadlines } from '../deadlines.js';
import type { DynoConnection } from '../dyno/connection.js';
import { passingTrailers } from '../headers.js';
import type { Visit } from '../visit.js';

/** What an upload tells of itself. */
export interface UploadEvents {
  /** The dyno has been sent the last byte. */
  onSent(): void;
  /** For the idle window nothing came from the client, or nothing was taken by the dyno: see `isHeldBack`. */
  onSilence(): void;
}

/** The body of one request, from the client to a dyno, as fast as the slower of the two. */
export class Upload {
  readonly #visit: Visit;
  readonly #connection: DynoConnection;
  readonly #windowMs: number;
  readonly #events: UploadEvents;
  readonly #silence: Deadline;
  readonly #isChunked: boolean;
  isDone = false;
  /** It is the dyno that does not keep up. */
  isHeldBack = false;

  constructor(
    visit: Visit,
    connection: DynoConnection,
    options: { readonly deadlines: Deadlines; readonly timeouts: RealTimeouts },
    events: UploadEvents,
  ) {
    this.#visit = visit;
    this.#connection = connection;
    this.#windowMs = options.timeouts.idleWindow;
    this.#events = events;
    this.#silence = options.deadlines.create(() => events.onSilence());
    this.#isChunked = visit.request.body === 'chunked';
  }

  start(): void {
    this.#silence.start(this.#windowMs);
    this.#visit.req.on('data', this.#onData).on('end', this.#onEnd);
  }

  /** The dyno takes more. */
  onDrain(): void {
    if (!this.isHeldBack) return;
    this.isHeldBack = false;
    this.#silence.start(this.#windowMs);
    this.#visit.req.resume();
  }

  /** What still comes is thrown away. */
  stop(): void {
    if (this.isDone) return;
    this.#silence.stop();
    this.#visit.req.off('data', this.#onData).off('end', this.#onEnd).resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    const connection = this.#connection;
    this.#silence.start(this.#windowMs);
    if (this.#isChunked ? connection.writeChunk(chunk) : connection.write(chunk)) return;
    this.isHeldBack = true;
    this.#visit.req.pause();
  };

  readonly #onEnd = (): void => {
    this.isDone = true;
    this.#silence.stop();
    if (this.#isChunked) this.#connection.endChunks(passingTrailers(this.#visit.req.rawTrailers));
    this.#events.onSent();
  };
}
