import { unreachable } from '../base/errors.js';
import { Queue } from '../base/queue.js';
import { BACKLOG_ENTRIES, takeBacklog } from './backlog.js';
import { herokuHead, type LogEntry } from './entry.js';
import type { Output } from './output.js';
import { Pretty } from './pretty.js';
import { terminalLine } from './terminal-text.js';

export type LogFormat = 'pretty' | 'heroku' | 'json';

/** Turns an entry into text with its line end. It may depend on earlier entries. */
export type Formatter = (entry: LogEntry) => string;

export interface FormatOptions {
  readonly format: LogFormat;
  /** For `pretty` only. */
  readonly color: boolean;
  /** The terminal that shows the log, if any. Of a dyno's control sequences, it gets only colors. */
  readonly terminal?: { readonly columns: number } | undefined;
}

/**
 * Writes entries to an output. Dynos' lines are never lost: while the output is congested, dynos are not read. The
 * platform and the router cannot be paused: their lines wait in a backlog, which drops the oldest when it is full.
 */
export class LogSink {
  readonly #output: Output;
  readonly #format: Formatter;
  readonly #backlog = new Queue<LogEntry>(BACKLOG_ENTRIES);

  constructor(output: Output, format: Formatter) {
    this.#output = output;
    this.#format = format;
    output.onRelief(() => {
      for (const entry of takeBacklog(this.#backlog)) output.write(format(entry));
    });
  }

  write(entry: LogEntry): void {
    // While dynos are held back, these few lines have been read already and must not be lost.
    const isRestOfDyno = entry.source === 'app' && this.#output.gate.isHeld;
    if (this.#output.isCongested && !isRestOfDyno) this.#backlog.push(entry);
    else this.#output.write(this.#format(entry));
  }
}

/** Asynchronous, because pino is loaded only for `json`. */
export async function createFormatter({ format, color, terminal }: FormatOptions): Promise<Formatter> {
  switch (format) {
    case 'pretty': {
      const pretty = new Pretty({ color, ...(terminal && { columns: () => terminal.columns }) });
      return (entry) => pretty.format(entry);
    }
    case 'heroku':
      return createHeroku(terminal ? terminalLine : (line) => line);
    case 'json':
      return (await import('./pino.js')).createJsonFormatter(terminal !== undefined);
    default:
      return unreachable(format);
  }
}

/** `herokuLine` with a cached head: all lines from one read of a dyno's pipe share their time. */
function createHeroku(textOf: (line: string) => string): Formatter {
  let last: LogEntry | undefined;
  let head = '';
  return (entry) => {
    if (
      entry.at !== last?.at ||
      entry.dyno !== last.dyno ||
      entry.source !== last.source ||
      entry.app !== last.app
    ) {
      head = `${herokuHead(entry)} `;
      last = entry;
    }
    return `${head}${textOf(entry.line)}\n`;
  };
}
