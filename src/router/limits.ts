/**
 * What Heroku's routers allow, in one table. Times that a user may set are in `base/limits.ts`.
 * https://devcenter.heroku.com/articles/http-routing#http-validation-and-restrictions
 */

const KIB = 1024;

/** A request that breaks one of these is a 400. Sizes are counted as `name: value`, without the line's end. */
export const REQUEST_LIMITS = {
  requestLineBytes: 8 * KIB,
  headerLineBytes: 8 * KIB,
  headerNameBytes: 1000,
  headers: 1000,
} as const;

/** What Node's parser must let through so that the limits above can be told apart. */
export const MAX_REQUEST_HEAD_BYTES =
  REQUEST_LIMITS.requestLineBytes + REQUEST_LIMITS.headers * (REQUEST_LIMITS.headerLineBytes + 4);

/** A response that breaks one of these is an H25. */
export const RESPONSE_LIMITS = {
  statusLineBytes: 8 * KIB,
  headerLineBytes: 512 * KIB,
  setCookieLineBytes: 8 * KIB,
  /** Not Heroku's: no page limits the number of lines, but a dyno must not fill our memory with them. */
  headBytes: 16 * KIB * KIB,
} as const;

/** https://devcenter.heroku.com/articles/http-routing#request-concurrency and #request-distribution */
export const CHECKOUT_LIMITS = {
  /** H11 beyond this many requests in the router per web dyno. */
  requestsPerDyno: 200,
  /** H19 after this many connections that no dyno took in time, or after one for each dyno if there are fewer. */
  attempts: 10,
  /**
   * A dyno that did not take a connection gets no other for this long. Heroku's 5 s save a request the time that an
   * attempt takes, and a refusal takes none: a server that restarts itself is back as soon as it listens again.
   */
  quarantineMs: { timeout: 5000, refused: 50 },
  /** Requests that wait because every dyno has refused connections for so long are worth a word in the log. */
  remarkMs: 1000,
} as const;

/** Reuse of connections to dynos. The router's own choices: Heroku publishes none. */
export const REUSE_LIMITS = {
  /** `Keep-Alive: timeout=5` is trusted for 4 s: our clock starts later than the dyno's. */
  marginMs: 1000,
  /** A request that cannot be repeated goes out on a connection used at most so long ago, or on a new one. */
  recentMs: 1000,
} as const;

/**
 * Requests that wait behind the one that is served, on one connection. With so many, it is not read any further; until
 * then it is, as it is by reading that one hears of a client that leaves.
 */
export const WAITING_REQUESTS = 20;

/**
 * What a client sends is read although no dyno takes it yet, as it is by reading that one hears of a client that leaves.
 * None of these is Heroku's.
 */
export const READ_AHEAD_LIMITS = {
  /** So much is kept of one request, and for one tunnel. */
  bytes: 16 * KIB * KIB,
  /** So much may lie in front of a client's end, unread: what Linux keeps of a connection, both sides together. */
  systemBytes: 48 * KIB * KIB,
  /** When nothing has come for so long, the client has nothing more under way. */
  quietMs: 50,
  /** What is still coming after so long comes from a client that is there. */
  catchUpMs: 1000,
} as const;

/**
 * After the last answer on a connection, what the client still sends is read and thrown away until it closes its side,
 * falls silent for `silenceMs`, or goes on for `totalMs`. nginx has the same two limits.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#lingering_close
 */
export const LINGER_LIMITS = { silenceMs: 5000, totalMs: 30_000 } as const;

/** When the router stops: so long a request may outlive the dynos, as long as its client needs to take the answer. */
export const CLOSE_GRACE_MS = 1000;
