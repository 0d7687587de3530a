/**
 * The platform's limits and defaults, each with its source. Where Heroku's documentation is unclear, dynosim's choice
 * is made here.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Real time, in ms. */
export const REAL_TIMEOUTS = {
  /** R10. A web dyno must listen on $PORT. https://devcenter.heroku.com/articles/error-codes#r10-boot-timeout */
  boot: 60 * SECOND,
  /** R12. From SIGTERM to SIGKILL. https://devcenter.heroku.com/articles/dyno-shutdown-behavior */
  shutdown: 30 * SECOND,
  /** H12. First byte of a response. https://devcenter.heroku.com/articles/request-timeout */
  request: 30 * SECOND,
  /** H15, H28. Silence after the first byte. https://devcenter.heroku.com/articles/http-routing#timeouts */
  idleWindow: 55 * SECOND,
  /**
   * H20. A request waits for a dyno to come up. https://devcenter.heroku.com/articles/error-codes#h20-app-boot-timeout
   */
  queue: 75 * SECOND,
  /** H19. TCP connect to a dyno. https://devcenter.heroku.com/articles/http-routing#request-distribution */
  connect: 5 * SECOND,
  /** An unused keep-alive connection of a client. https://devcenter.heroku.com/articles/http-routing */
  clientKeepAlive: 60 * SECOND,
  /** An unused keep-alive connection to a dyno, Router 2.0. https://devcenter.heroku.com/articles/http-routing */
  dynoKeepAlive: 90 * SECOND,
} as const;

/** Timeouts that users may set (`--boot-timeout` …). */
export type RealTimeouts = { readonly [name in keyof typeof REAL_TIMEOUTS]: number };

/**
 * How long a crashed dyno waits before it restarts: platform time, in ms. After the first crash it restarts at once;
 * the last value repeats. The page says "up to". https://devcenter.heroku.com/articles/dyno-restarts
 */
export const CRASH_COOL_OFFS = [
  0,
  20 * MINUTE,
  40 * MINUTE,
  60 * MINUTE,
  180 * MINUTE,
  320 * MINUTE,
] as const;

/**
 * After a dyno has been up this long (platform time), its next crash counts as the first. Uncertain: Heroku documents
 * no number; until 2016, crashes within ten minutes after the start counted as one series.
 */
export const STABLE_AFTER = 10 * MINUTE;

/**
 * How long a dyno runs until it is restarted, in ms of platform time: `afterMs`, and up to `spread` times that in
 * addition, which is 216 minutes. Starting again for any other reason begins the time anew.
 * https://devcenter.heroku.com/articles/dyno-restarts
 */
export const CYCLING = { afterMs: 24 * 60 * MINUTE, spread: 0.15 } as const;

/** A release command that takes longer fails. https://devcenter.heroku.com/articles/release-phase */
export const RELEASE_COMMAND_MS = 60 * MINUTE;

/** https://devcenter.heroku.com/articles/limits#build */
export const BUILD_LIMITS = {
  /** A build that takes longer has failed: real time, ms. */
  ms: 15 * MINUTE,
  /** Bytes of a slug. */
  slugBytes: 500 * 1024 * 1024,
  /** A larger slug is warned about. */
  softSlugBytes: 300 * 1024 * 1024,
} as const;

/** https://devcenter.heroku.com/articles/stack */
export const STACK_NAME = 'heroku-24';

/** https://devcenter.heroku.com/articles/logging and https://devcenter.heroku.com/articles/limits#logs */
export const LOG_LIMITS = {
  /** Longer lines are split. */
  lineBytes: 10_000,
  /** Lines kept, here of each dyno. */
  history: 1500,
} as const;

/**
 * https://devcenter.heroku.com/articles/log-drains and https://github.com/heroku/logplex/blob/main/src/logplex.app.src
 */
export const LOG_DRAIN_LIMITS = {
  /** Drains per app. */
  perApp: 5,
  /** Per drain. */
  bufferedMessages: 1024,
} as const;

/**
 * All keys and values of an app's config vars together. Uncertain: 64 kB from memory; older pages say 16 and 32 kB.
 * https://devcenter.heroku.com/articles/config-vars
 */
export const CONFIG_VARS_BYTES = 64 * 1024;

/** Of all files of a commit that is built. https://devcenter.heroku.com/articles/limits#git-repos */
export const CHECKOUT_BYTES = 1024 ** 3;

/** Files of an app. More would take minutes, and a few objects of git can stand for any number of files. */
export const CHECKOUT_PATHS = 250_000;

/** The port of `heroku local` since macOS uses 5000. https://devcenter.heroku.com/articles/heroku-local */
export const DEFAULT_ROUTER_PORT = 5006;

/** Below the system's range for outgoing connections (32768-60999 on Linux). */
export const DYNO_PORTS = { from: 20_000, to: 32_767 } as const;

/** https://devcenter.heroku.com/articles/limits */
export const APP_NAME_LENGTH = 30;
