/**
 * The limits of Heroku's routers. Timeouts that a user may set are in `base/limits.ts`.
 * https://devcenter.heroku.com/articles/http-routing#http-validation-and-restrictions
 */

const KIB = 1024;

/** A request beyond one of these gets a 400. The size of a header is that of `name: value`, without the line break. */
export const REQUEST_LIMITS = {
  requestLineBytes: 8 * KIB,
  headerLineBytes: 8 * KIB,
  headerNameBytes: 1000,
  headers: 1000,
} as const;

/** Node's parser must accept this much, so that each limit above can have its own error. */
export const MAX_REQUEST_HEAD_BYTES =
  REQUEST_LIMITS.requestLineBytes + REQUEST_LIMITS.headers * (REQUEST_LIMITS.headerLineBytes + 4);

/** A response beyond one of these is an H25. */
export const RESPONSE_LIMITS = {
  statusLineBytes: 8 * KIB,
  headerLineBytes: 512 * KIB,
  setCookieLineBytes: 8 * KIB,
  /** dynosim's own: Heroku documents no limit on the number of headers, but they must not fill the memory. */
  headBytes: 16 * KIB * KIB,
} as const;

/** https://devcenter.heroku.com/articles/http-routing#request-concurrency and #request-distribution */
export const CHECKOUT_LIMITS = {
  /** More requests in the router than this, per web dyno, is an H11. */
  requestsPerDyno: 200,
  /** H19 after this many connection attempts that timed out, or one for each dyno if there are fewer dynos. */
  attempts: 10,
  /**
   * A dyno that did not accept a connection gets no other for this long. Heroku's 5 s save requests the wait for
   * another timeout. A refusal costs no time, so dynosim soon tries again: a server that restarts itself is back in a
   * moment.
   */
  quarantineMs: { timeout: 5000, refused: 50 },
  /** How often a request is sent again: a spare connection may be closed, and then the server restart itself. */
  repeats: 2,
  /** A process that dies takes connections to its port for up to this long after it has closed the others. */
  dyingMs: 10,
  /** When every dyno has refused connections for this long, the log says that requests wait. */
  remarkMs: 1000,
} as const;

/** Reuse of connections to dynos. dynosim's own: Heroku publishes none. */
export const REUSE_LIMITS = {
  /** `Keep-Alive: timeout=5` is trusted for 4 s, because dynosim starts to count later than the dyno. */
  marginMs: 1000,
  /** A request that cannot be repeated uses a connection that was in use this recently, or a new one. */
  recentMs: 1000,
} as const;

/**
 * When this many pipelined requests wait on one connection, the router stops reading it. It reads until then because
 * only reading shows that a client has left.
 */
export const WAITING_REQUESTS = 20;

/**
 * The router reads what a client sends even before a dyno takes it, because only reading shows that a client has left.
 * These limits are dynosim's own.
 */
export const READ_AHEAD_LIMITS = {
  /** Kept in memory for each request or tunnel. */
  bytes: 16 * KIB * KIB,
  /** The unread data that may precede a client's FIN: what Linux buffers for a connection, both sides together. */
  systemBytes: 48 * KIB * KIB,
  /** After this much silence, the client has no more data on the way. */
  quietMs: 50,
  /** A client that still sends after this long is present. */
  catchUpMs: 1000,
} as const;

/**
 * After the last response on a connection, the router reads and discards what the client sends until it closes its
 * side, is silent for `silenceMs`, or `totalMs` have passed. nginx has the same two limits.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#lingering_close
 */
export const LINGER_LIMITS = { silenceMs: 5000, totalMs: 30_000 } as const;

/** When the router stops, clients have this long after the end of the dynos to read their responses. */
export const CLOSE_GRACE_MS = 1000;
