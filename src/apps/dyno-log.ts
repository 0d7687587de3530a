import type { Clock } from '../base/clock.js';
import type { DynoLog } from '../dynos/run-plan.js';
import type { LogBus } from '../logs/bus.js';
import { LineSplitter } from '../logs/lines.js';

/** Writes what a dyno prints, and what is said about it, to its app's log. */
export function createDynoLog(dyno: string, logs: LogBus, clock: Clock, wall: () => number): DynoLog {
  return {
    say: (source, line) => logs.write({ at: wall(), source, dyno, line }),
    read(output) {
      const splitter = new LineSplitter({
        clock,
        gate: logs.gate,
        onLines(lines, part) {
          const at = wall();
          for (const line of lines) logs.write({ at, source: 'app', dyno, line, part });
        },
      });
      const subscription = output.subscribe({
        onData: (chunk) => splitter.push(chunk),
        onEnd() {
          unsubscribe();
          splitter.end();
        },
      });
      // While the log takes no more, the dyno waits in its own writes.
      const apply = (isHeld: boolean): void => (isHeld ? subscription.hold() : subscription.release());
      const unsubscribe = logs.gate.subscribe(apply);
      apply(logs.gate.isHeld);
    },
  };
}
