import type { Clock } from '../../base/clock.js';
import type { Ending } from './ending.js';

/**
 * A Ctrl-C at a terminal may arrive twice: from the terminal and from a parent that passes it on (npm does).
 * No finger is as quick.
 */
const SAME_CTRL_C_MS = 150;

/**
 * The first signal ends dynosim gracefully, a Ctrl-C while it ends, whatever the reason, at once. The result ignores
 * signals from then on.
 */
export function endOnSignals(ending: Ending, clock: Clock): () => void {
  let stoppedAt: number | undefined;
  const stop = (): void => {
    stoppedAt ??= clock.now();
    ending.decide(0);
  };
  const interrupt = (): void => {
    const isSecond = stoppedAt === undefined ? ending.isDecided : clock.now() - stoppedAt >= SAME_CTRL_C_MS;
    if (isSecond) ending.hurry.emit();
    stop();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', stop).on('SIGHUP', stop);
  // They go on being caught: who presses Ctrl-C a third time must not cut the end short.
  return () => {
    stoppedAt = Number.POSITIVE_INFINITY;
  };
}
