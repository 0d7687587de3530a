import type { Cancel, Time } from '../../base/clock.js';
import type { LogBus } from '../bus.js';
import { addLoss, type DrainLoss, overflow } from './loss.js';

/** Delays the first report, so that it counts a whole burst. */
const FIRST_AFTER_MS = 1000;
/** Uncertain: Heroku does not document the interval. */
const NEXT_AFTER_MS = 60_000;

export interface OverflowReportOptions {
  readonly token: string;
  readonly logs: LogBus;
  readonly time: Pick<Time, 'real' | 'wall'>;
}

/** Reports in the app's log what a drain has lost, at intervals. */
export class OverflowReport {
  readonly #options: OverflowReportOptions;
  #pending: DrainLoss | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #cancel: Cancel | undefined;

  constructor(options: OverflowReportOptions) {
    this.#options = options;
  }

  add(loss: DrainLoss): void {
    this.#pending = addLoss(this.#pending, loss);
    const { real } = this.#options.time;
    const waitMs = Math.max(FIRST_AFTER_MS, this.#reportedAt + NEXT_AFTER_MS - real.now());
    this.#cancel ??= real.after(waitMs, () => this.flush());
  }

  /** Reports pending losses now. */
  flush(): void {
    const { token, logs, time } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    const loss = this.#pending;
    if (!loss) return;
    this.#pending = undefined;
    this.#reportedAt = time.real.now();
    logs.write(overflow(time.wall(), token, loss));
  }
}
