import type { App } from '../apps/app.js';

/** All that can be done to a running dynosim. The routes turn it into Heroku's Platform API, and a little more. */
export interface ControlApi {
  /** Tells this dynosim from every other one there ever was. */
  readonly instance: string;
  readonly apps: readonly App[];
  /** Where an app answers, on the router. */
  urlOf(app: App): string;
  readonly clock: ClockView;
  /** Moves platform time forward; resolves when all that was due has happened and dynos have settled. */
  advanceClock(ms: number): Promise<void>;
  /** Ends dynosim gracefully, a moment later. */
  requestStop(): void;
}

export interface ClockView {
  /** How many times faster than real time platform time passes. */
  readonly speed: number;
  /** How far platform time is ahead of real time because it was moved forward, ms. */
  readonly skippedMs: number;
}
