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
}

export type Readiness =
  | { readonly kind: 'up'; readonly backends: readonly [Backend, ...Backend[]] }
  /**
   * `starting`: hold requests. `idle`: wake, then hold. `crashed`: H10. `none`: H14, scaled to 0.
   * `exhausted`: H82, no dyno hours are left. `maintenance`: H80, whatever the dynos do. `blank`: H81, no code yet.
   */
  | { readonly kind: 'starting' | 'idle' | 'crashed' | 'none' | 'exhausted' | 'maintenance' | 'blank' };

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
  /** Called after every change of `readiness()`. The result unsubscribes. */
  onChange(listener: () => void): () => void;
  /** The requests of this app that are in the router, without those that have become websockets or the like. */
  readonly inFlight: number;
  /** A request for this app is in the router. As long as it is, the app does not fall asleep. */
  enter(userAgent: string): RequestLease;
}

/** What a request in the router holds of its app: released once, when it is over. */
export interface RequestLease {
  /** The request has found the app asleep. Asking again while it wakes does nothing. */
  wake(cause: WakeCause): void;
  /** It is on its way to this run, which is not told to stop before it has read it. */
  assign(backend: Backend): void;
  /** It is on its way to no run, or the run has got it. */
  unassign(): void;
  /** It has become a websocket or the like, which lasts until one side closes it. */
  upgraded(): void;
  /** @param firstByteMs from its arrival to the first byte of the app's answer; undefined if there was none */
  release(firstByteMs: number | undefined): void;
}
