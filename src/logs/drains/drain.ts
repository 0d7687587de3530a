import type { Cancel, Time } from '../../base/clock.js';
import { unreachable } from '../../base/errors.js';
import { LOG_DRAIN_LIMITS } from '../../base/limits.js';
import { Queue } from '../../base/queue.js';
import type { LogBus } from '../bus.js';
import type { LogEntry } from '../entry.js';
import { type Batch, takeBatch } from './batch.js';
import type { Framing } from './frame.js';
import { addLoss, type DrainLoss, overflow } from './loss.js';
import { OverflowReport } from './overflow-report.js';
import type { Delivery, Transport } from './transport.js';

/**
 * The shortest interval between batches. Heroku sends batches too, and here a request for each line would slow the
 * router down.
 */
const GATHER_MS = 100;
/** How long a drain has at the end to send its messages. */
const LAST_WORDS_MS = 500;

/** The differences between HTTP and syslog drains. */
export interface DrainKind {
  readonly framing: Framing;
  /** The largest size of a batch. */
  readonly targetBytes: number;
  /** How often a failed batch is sent again. */
  readonly retries: number;
  /** How long to wait after this many failures in a row. */
  backOffMs(failures: number): number;
  /** The line in the app's log about an invalid certificate. */
  certificateError?(why: string): string;
}

export interface DrainOptions {
  readonly token: string;
  /** The receiver for messages: without the password in the URL. */
  readonly destination: string;
  readonly kind: DrainKind;
  readonly transport: Transport;
  readonly logs: LogBus;
  readonly time: Pick<Time, 'real' | 'wall'>;
}

type DrainState =
  | { readonly at: 'empty' | 'sending' | 'closed' }
  /** Waiting for more lines. */
  | { readonly at: 'gathering'; readonly cancel: Cancel }
  /** After a failure. */
  | { readonly at: 'backing off'; readonly cancel: Cancel };

/**
 * Forwards an app's log. Nothing ever waits for a drain: a receiver that is slow or unreachable misses the oldest
 * lines, and `Error L10` says how many. dynosim's remarks are left out, because Heroku has none.
 */
export class Drain {
  readonly #options: DrainOptions;
  readonly #buffer = new Queue<LogEntry>(LOG_DRAIN_LIMITS.bufferedMessages);
  readonly #report: OverflowReport;
  readonly #unsubscribe: () => void;
  #state: DrainState = { at: 'empty' };
  /** The batch that is being sent, or will be sent again. */
  #batch: Batch | undefined;
  #batchFailures = 0;
  /** Whether more lines waited than the batch could hold. */
  #isBehind = false;
  /** Failures in a row, across batches. */
  #failures = 0;
  /** Not reported to the receiver yet. */
  #loss: DrainLoss | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  #deliveredAt = Number.NEGATIVE_INFINITY;
  #isFailureReported = false;
  #isEnding = false;
  #closing: Promise<void> | undefined;
  #onSpent = (): void => {};

  constructor(options: DrainOptions) {
    const { logs } = options;
    this.#options = options;
    this.#report = new OverflowReport(options);
    this.#unsubscribe = logs.subscribe((entry) => this.#take(entry));
  }

  /** The connection broke while idle. Waits before the next one, so as not to reconnect in an endless loop. */
  connectionLost(): void {
    const { kind, time } = this.#options;
    const waitMs = this.#deliveredAt + kind.backOffMs(1) - time.real.now();
    if (this.#state.at === 'gathering') this.#state.cancel();
    else if (this.#state.at !== 'empty') return;
    this.#backOff(Math.max(0, waitMs));
  }

  /** Sends the remaining messages if that is possible soon, then closes the drain. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { time, transport } = this.#options;
    this.#unsubscribe();
    this.#isEnding = true;
    const spent = new Promise<void>((resolve) => {
      this.#onSpent = resolve;
    });
    const cancel = time.real.after(LAST_WORDS_MS, () => this.#onSpent());
    if ('cancel' in this.#state) this.#state.cancel();
    if (this.#state.at !== 'sending') this.#send();
    await spent;
    cancel();
    this.#state = { at: 'closed' };
    transport.close();
    this.#lose((this.#batch?.lines ?? 0) + this.#buffer.size);
    this.#report.flush();
  }

  #take(entry: LogEntry): void {
    const { source, dyno, line } = entry;
    // The drain reports its own losses in its batches.
    const isOwnLoss = dyno === 'logplex' && line.includes(this.#options.token);
    if (source === 'dynosim' || isOwnLoss) return;
    if (this.#buffer.isFull && this.#state.at === 'gathering') this.#send();
    if (this.#buffer.push(entry)) this.#lose(1);
    if (this.#state.at === 'empty') this.#gather();
  }

  /** Waits for more lines: until the next turn of the event loop, or longer after a recent batch. */
  #gather(): void {
    if (this.#buffer.size === 0) {
      this.#state = { at: 'empty' };
      return;
    }
    const { real } = this.#options.time;
    const waitMs = Math.max(0, this.#sentAt + GATHER_MS - real.now());
    this.#state = { at: 'gathering', cancel: real.after(waitMs, () => this.#send()) };
  }

  #backOff(waitMs: number): void {
    const { real } = this.#options.time;
    this.#state = { at: 'backing off', cancel: real.after(waitMs, () => this.#send()) };
  }

  #send(): void {
    if (this.#state.at === 'gathering') this.#state.cancel();
    this.#batch ??= this.#nextBatch();
    if (!this.#batch) {
      this.#state = { at: 'empty' };
      this.#onSpent();
      return;
    }
    const { time, transport } = this.#options;
    this.#state = { at: 'sending' };
    this.#sentAt = time.real.now();
    void transport.send(this.#batch).then((outcome) => this.#onOutcome(outcome));
  }

  #nextBatch(): Batch | undefined {
    const { kind, time, token } = this.#options;
    const loss = this.#loss;
    const notice = loss && { loss, entry: overflow(time.wall(), token, loss) };
    const batch = takeBatch(this.#buffer, { ...kind, notice });
    if (batch) this.#loss = undefined;
    this.#batchFailures = 0;
    this.#isBehind = this.#buffer.size > 0;
    return batch;
  }

  #onOutcome(outcome: Delivery): void {
    if (this.#state.at === 'closed') return;
    if (outcome.is !== 'delivered') this.#reportFailure(outcome);
    switch (outcome.is) {
      case 'delivered':
        this.#batch = undefined;
        this.#failures = 0;
        this.#deliveredAt = this.#options.time.real.now();
        this.#isFailureReported = false;
        return this.#goOn();
      case 'refused':
        this.#dropBatch();
        return this.#goOn();
      case 'failed':
        this.#batchFailures += 1;
        if (this.#batchFailures > this.#options.kind.retries) this.#dropBatch();
        return this.#onFailure({ isWorthRepeating: this.#batchFailures === 1 });
      case 'unreachable':
        return this.#onFailure({ isWorthRepeating: false });
      default:
        return unreachable(outcome);
    }
  }

  /** Sends the next batch: at once if more lines wait than one batch holds, or at the end. */
  #goOn(): void {
    if (this.#isBehind || this.#isEnding) this.#send();
    else this.#gather();
  }

  /** @param isWorthRepeating whether to try again even at the end, when there is no time to wait */
  #onFailure({ isWorthRepeating }: { readonly isWorthRepeating: boolean }): void {
    this.#failures += 1;
    if (!this.#isEnding) this.#backOff(this.#options.kind.backOffMs(this.#failures));
    else if (isWorthRepeating) this.#send();
    else this.#onSpent();
  }

  #dropBatch(): void {
    const lost = this.#batch;
    this.#batch = undefined;
    if (!lost) return;
    this.#loss = addLoss(this.#loss, lost.loss);
    this.#lose(lost.lines);
  }

  #lose(count: number): void {
    if (count === 0) return;
    const loss = { count, since: this.#options.time.wall() };
    this.#loss = addLoss(this.#loss, loss);
    this.#report.add(loss);
  }

  /** Reports only the first failure until the drain works again. */
  #reportFailure(outcome: Exclude<Delivery, { is: 'delivered' }>): void {
    // A kept connection may break just when it is used again: not worth a remark.
    if (this.#isFailureReported || (outcome.is === 'failed' && this.#failures === 0)) return;
    this.#isFailureReported = true;
    const { logs, time, destination, kind } = this.#options;
    const say = (source: 'heroku' | 'dynosim', line: string): void =>
      logs.write({ at: time.wall(), source, dyno: 'logplex', line });
    const { why } = outcome;
    const isCertificate = outcome.is === 'unreachable' && outcome.isCertificate;
    if (isCertificate && kind.certificateError) say('heroku', kind.certificateError(why));
    const remedy = isCertificate ? '; "#insecure" at the end of its URL accepts any certificate' : '';
    say('dynosim', `the log drain to ${destination} fails: ${why}${remedy}`);
  }
}
