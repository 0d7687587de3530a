import { Queue } from '../../base/queue.js';
import type { LogBus } from '../../logs/bus.js';
import type { LogEntry } from '../../logs/entry.js';
import { createFormatter, type LogFormat } from '../../logs/sinks.js';
import { wantsColor } from '../color.js';

/** Enough to find a cause, without filling the memory with the log of an app that writes all the time. */
const KEPT_ENTRIES = 10_000;

/** The log of an app, kept until it is known whether anybody wants it. */
export class KeptLog {
  readonly #entries = new Queue<LogEntry>(KEPT_ENTRIES);

  constructor(logs: LogBus) {
    logs.subscribe((entry) => this.#entries.push(entry));
  }

  /** The log as text for this stream, with a title. */
  async text(app: string, format: LogFormat, stream: NodeJS.WriteStream): Promise<string> {
    const terminal = stream.isTTY ? stream : undefined;
    const line = await createFormatter({ format, color: wantsColor(stream, process.env), terminal });
    const { count = 0 } = this.#entries.takeLoss() ?? {};
    const missing = count === 0 ? '' : ` without its first ${count} lines`;
    return [`dynosim: the log of ${app}${missing}:\n`, ...this.#entries.takeAll().map(line)].join('');
  }
}
