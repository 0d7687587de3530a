import { styled } from '../../base/style.js';
import { herokuHead, type LogEntry } from '../../logs/entry.js';
import { terminalLine } from '../../logs/terminal-text.js';
import { TypeColors } from '../../logs/type-colors.js';

export interface LogLineOptions {
  /** Colours what stands before the text by the type of the dyno. */
  readonly color: boolean;
  /** A dyno's output may colour a terminal and do nothing else to it; a pipe gets it as it is. */
  readonly isTerminal: boolean;
}

/** How `logs` prints entries: as `heroku logs` does. */
export function createLogFormatter({ color, isTerminal }: LogLineOptions): (entry: LogEntry) => string {
  const colors = new TypeColors();
  return (entry) => {
    const head = herokuHead(entry);
    const text = isTerminal ? terminalLine(entry.line) : entry.line;
    return `${color ? styled(colors.of(entry.dyno), head) : head} ${text}`;
  };
}

/** An entry for programs, with the keys of `start --log-format json`. */
export function toLogJson({ at, source, dyno, line }: LogEntry) {
  return { time: new Date(at).toISOString(), source, dyno, line };
}
