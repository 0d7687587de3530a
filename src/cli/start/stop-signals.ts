import type { Clock } from '../../base/clock.js';
import type { Ending } from './ending.js';

/**
 * A Ctrl-C at a terminal may arrive twice: from the terminal, and from a parent that passes it on, as npm does.
 * Nobody presses it twice this quickly.
 */
export const SAME_CTRL_C_MS = 150;

export interface StopSignalsOptions {
  readonly ending: Ending;
  /** Real time. */
  readonly clock: Clock;
  /** A SIGHUP that was ignored at the start stays ignored: dynosim keeps running when its terminal closes. */
  readonly ignoresHangUp: boolean;
  /** Called at each Ctrl-C, before anything else happens. */
  onInterrupt(): void;
}

/**
 * The first signal ends dynosim gracefully. A Ctrl-C while it ends, for whatever reason, ends it at once.
 * @returns ignores signals from then on
 */
export function endOnSignals(options: StopSignalsOptions): () => void {
  const { ending, clock, ignoresHangUp, onInterrupt } = options;
  let stoppedAt: number | undefined;
  const stop = (): void => {
    stoppedAt ??= clock.now();
    ending.decide(0);
  };
  const interrupt = (): void => {
    const isSame = stoppedAt !== undefined && clock.now() - stoppedAt < SAME_CTRL_C_MS;
    if (!isSame) onInterrupt();
    const isSecond = ending.isDecided && !isSame;
    if (isSecond) ending.hurry.emit();
    stop();
  };
  process
    .on('SIGINT', interrupt)
    .on('SIGTERM', stop)
    .on('SIGHUP', ignoresHangUp ? () => {} : stop);
  // The handlers stay: a third Ctrl-C must not cut the end short.
  return () => {
    stoppedAt = Number.POSITIVE_INFINITY;
  };
}
