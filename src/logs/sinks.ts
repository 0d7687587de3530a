import { unreachable } from '../base/errors.js';
import { Queue } from '../base/queue.js';
import { BACKLOG_ENTRIES, takeBacklog } from './backlog.js';
import { herokuHead, type LogEntry } from './entry.js';
import type { Output } from './output.js';
import { Pretty } from './pretty.js';
import { terminalLine } from './terminal-text.js';

export type LogFormat = 'pretty' | 'heroku' | 'json';

/** Turns an entry into text, line end included. It may remember what it wrote before. */
export type Formatter = (entry: LogEntry) => string;

export interface FormatOptions {
  readonly format: LogFormat;
  /** For `pretty` only: the other two are for programs. */
  readonly color: boolean;
  /** The terminal that shows the log, if one does: what dynos print may colour it and nothing else. */
  readonly terminal?: { readonly columns: number } | undefined;
}

/**
 * Writes entries to an output. Lines of dynos are never lost: while the output is congested, dynos are not read.
 * Nobody can hold the platform and the router back: their lines then wait, and of too many the oldest are dropped.
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
    // While dynos are held back, what still comes was read before: not much, and not to be lost.
    const isRestOfDyno = entry.source === 'app' && this.#output.gate.isHeld;
    if (this.#output.isCongested && !isRestOfDyno) this.#backlog.push(entry);
    else this.#output.write(this.#format(entry));
  }
}

/** Asynchronous because pino, the library behind `json`, is loaded only when it is wanted. */
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

/** `herokuLine`, made cheap: all lines of one read of a dyno's pipe share their time, and so their head. */
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
