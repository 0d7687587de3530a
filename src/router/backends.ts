/** An app's dynos as the router sees them. */

/** One run of a web dyno that listens. A restarted dyno is a new backend, with a new id and port. */
export interface Backend {
  /** Unique per run. */
  readonly id: string;
  /** `web.1`, as in the log. */
  readonly dyno: string;
  /** The address it listens on: `127.0.0.1` or `::1`, or the one address it chose. */
  readonly host: string;
  readonly port: number;
  /** Left out: unknown. */
  readonly boot?: BackendBoot;
}

/** How a run came up: real time, ms. */
export interface BackendBoot {
  /** The beginning of the platform's delay, if there was one. */
  readonly beganAt: number;
  /** The start of its process. */
  readonly spawnedAt: number;
  /** It listened. */
  readonly upAt: number;
}

export type Readiness =
  | { readonly kind: 'up'; readonly backends: readonly [Backend, ...Backend[]] }
  /**
   * `starting`: hold requests. `idle`: wake, then hold. `crashed`: H10. `none`: H14, scaled to 0. `exhausted`: H82, no
   * dyno hours are left. `maintenance`: H80, whatever state the dynos are in. `blank`: H81, no code yet.
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
  /** The number of this app's requests in the router, not counting upgraded connections such as WebSockets. */
  readonly inFlight: number;
  /** Registers a request for this app. The app does not fall asleep until the lease is released. */
  enter(userAgent: string): RequestLease;
}

/** A request's hold on its app, released once, at the end of the request. */
export interface RequestLease {
  /** Wakes the app. Does nothing while the app is waking already. */
  wake(cause: WakeCause): void;
  /** Marks the request as on its way to this run, which is not stopped until it has read the request. */
  assign(backend: Backend): void;
  /** The run has been sent the head of the request. */
  sent(): void;
  /**
   * Whether the silence of the app may be that of a debugger, which is attached to this dyno.
   * @param dyno undefined: to any web dyno
   */
  isDebugged(dyno: string | undefined): boolean;
  /** Undoes `assign`: the run has read the request, or will not get it. */
  unassign(): void;
  /** The connection was upgraded, for example to a WebSocket, and lasts until one side closes it. */
  upgraded(): void;
  /** @param firstByteMs from the request's arrival to the first byte of the response; undefined without a response */
  release(firstByteMs: number | undefined): void;
}
