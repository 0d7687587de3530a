/** All the router knows of dynos: an app satisfies this, the router never sees more of it. */

/** One run of a web dyno that listens. A restarted dyno is another backend: other id, other port. */
export interface Backend {
  /** Unique per run. */
  readonly id: string;
  /** `web.1`: what the log says. */
  readonly dyno: string;
  /** The address it listens on: `127.0.0.1` or `::1`, or the one address it chose. */
  readonly host: string;
  readonly port: number;
  /** A request is on its way to it. The result, called once, says that it is over. */
  occupy(): () => void;
}

export type Readiness =
  | { readonly kind: 'up'; readonly backends: readonly [Backend, ...Backend[]] }
  /**
   * `starting`: hold requests. `idle`: wake, then hold. `crashed`: H10. `none`: H14, scaled to 0.
   * `exhausted`: H82, no dyno hours are left. `maintenance`: H80, whatever the dynos do.
   */
  | { readonly kind: 'starting' | 'idle' | 'crashed' | 'none' | 'exhausted' | 'maintenance' };

/** The request that woke a sleeping app. */
export interface WakeCause {
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly path: string;
  /** The client's address. */
  readonly client: string;
  readonly userAgent: string;
}

export interface Backends {
  readiness(): Readiness;
  /** Told after every change of `readiness()`. The result unsubscribes. */
  onChange(listener: () => void): () => void;
  /** A request for this app is in the router: until it is over, the app does not fall asleep. */
  requestStarted(userAgent: string): Passage;
}

/** A request's way through the router, as its app sees it. */
export interface Passage {
  /** It has found the app asleep. Asking again while it wakes does nothing. */
  wake(cause: WakeCause): void;
  /** It has become a websocket or the like, which lasts until one side closes it. */
  upgraded(): void;
  /**
   * It is over.
   * @param firstByteMs from its arrival to the first byte of the app's answer; undefined if there was none
   */
  ended(firstByteMs: number | undefined): void;
}
