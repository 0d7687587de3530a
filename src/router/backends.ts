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
   * `maintenance`: H80, whatever the dynos do.
   */
  | { readonly kind: 'starting' | 'idle' | 'crashed' | 'none' | 'maintenance' };

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
  /** Asks a sleeping app to wake. Asking again while it wakes does nothing. */
  wake(cause: WakeCause): void;
  /** Told after every change of `readiness()`. The result unsubscribes. */
  onChange(listener: () => void): () => void;
  /** A request for this app is in the router. The result, called once, says that it is over. */
  requestStarted(): () => void;
}
