import { constants } from 'node:os';
import type { Closers } from '../../base/closers.js';

/** How a user stops a command that cleans up after itself. */
interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit status after that. */
  readonly status: Promise<number>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal stops the work, the second one the process. */
export function listenForStop(closers: Closers): Stop {
  const controller = new AbortController();
  const status = new Promise<number>((resolve) => {
    for (const name of SIGNALS) {
      const listener = (): void => {
        const code = 128 + constants.signals[name];
        if (controller.signal.aborted) process.exit(code);
        controller.abort();
        resolve(code);
      };
      process.on(name, listener);
      closers.add(() => void process.off(name, listener));
    }
  });
  return { signal: controller.signal, status };
}
