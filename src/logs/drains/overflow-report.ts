import type { Cancel, Time } from '../../base/clock.js';
import type { LogBus } from '../bus.js';
import { addLoss, type Loss, overflow } from './loss.js';

/** The first report counts a whole burst, not its first line. */
const FIRST_AFTER_MS = 1000;
/** In doubt: how often Heroku repeats it is not known. */
const NEXT_AFTER_MS = 60_000;

export interface OverflowReportOptions {
  readonly token: string;
  readonly logs: LogBus;
  readonly time: Pick<Time, 'real' | 'wall'>;
}

/** Tells in the app's log what a drain has lost, now and then. */
export class OverflowReport {
  readonly #options: OverflowReportOptions;
  #untold: Loss | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #cancel: Cancel | undefined;

  constructor(options: OverflowReportOptions) {
    this.#options = options;
  }

  add(loss: Loss): void {
    this.#untold = addLoss(this.#untold, loss);
    const { real } = this.#options.time;
    const waitMs = Math.max(FIRST_AFTER_MS, this.#toldAt + NEXT_AFTER_MS - real.now());
    this.#cancel ??= real.after(waitMs, () => this.tell());
  }

  /** Tells what has not been told. */
  tell(): void {
    const { token, logs, time } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    const loss = this.#untold;
    if (!loss) return;
    this.#untold = undefined;
    this.#toldAt = time.real.now();
    logs.write(overflow(time.wall(), token, loss));
  }
}
