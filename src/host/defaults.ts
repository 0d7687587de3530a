import { CYCLING, REAL_TIMEOUTS } from '../base/limits.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The defaults of the command line, the library and the tests. Times in ms. */
export const DEFAULTS = {
  procfile: 'Procfile',
  /** Platform time relative to real time. */
  speed: 1,
  /** https://devcenter.heroku.com/articles/eco-dyno-hours */
  sleep: { afterMs: 30 * MINUTE, wakeDelayMs: 5 * SECOND, quotaMs: 1000 * HOUR },
  cycleAfterMs: CYCLING.afterMs,
  timeouts: REAL_TIMEOUTS,
  /**
   * Only for `dynosim/testing`: a test that wakes an app need not wait for the platform, and no dyno is restarted at a
   * random moment of a test that lets days pass.
   */
  testing: { wakeDelayMs: 0, cycleAfterMs: Number.POSITIVE_INFINITY, waitFor: 'up', output: 'none' },
  /** Router 2.0 keeps connections to dynos. https://devcenter.heroku.com/articles/heroku-http-routing */
  dynoKeepAlive: true,
  app: {
    isStrict: false,
    isSizeAsked: false,
    isCleanEnv: false,
    hasColor: false,
    buildpackEnv: 'safe',
    hasDynoMetadata: false,
    hasReleasePhase: false,
    takesEveryHost: true,
    onCrash: () => {},
  },
} as const;
