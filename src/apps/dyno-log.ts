import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.js';
import type { DynoLog } from '../dynos/run-plan.js';
import type { LogBus } from '../logs/bus.js';
import { LineSplitter } from '../logs/lines.js';

/** Writes what a dyno prints, and what is said about it, to its app's log. */
export function createDynoLog(dyno: string, logs: LogBus, clock: Clock, wall: () => number): DynoLog {
  return {
    say: (source, line) => logs.write({ at: wall(), source, dyno, line }),
    take(output) {
      const splitter = new LineSplitter({
        clock,
        gate: logs.gate,
        onLines(lines, part) {
          const at = wall();
          for (const line of lines) logs.write({ at, source: 'app', dyno, line, part });
        },
      });
      return readAll(output, splitter, logs);
    },
  };
}

/** Reads while the log takes more; while it does not, the dyno waits in its own writes. */
function readAll(output: Readable, splitter: LineSplitter, { gate }: LogBus): Promise<void> {
  const apply = (isHeld: boolean): void => void (isHeld ? output.pause() : output.resume());
  const unsubscribe = gate.subscribe(apply);
  return new Promise((resolve) => {
    output.on('data', (chunk: Buffer) => splitter.push(chunk));
    output.on('error', () => output.destroy());
    output.once('close', () => {
      unsubscribe();
      splitter.end();
      resolve();
    });
    apply(gate.isHeld);
  });
}
