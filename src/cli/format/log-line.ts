import { styled } from '../../base/style.js';
import { herokuHead, type LogEntry } from '../../logs/entry.js';
import { terminalLine } from '../../logs/terminal-text.js';
import { TypeColors } from '../../logs/type-colors.js';

export interface LogLineOptions {
  /** Colors the part before the text by the dyno's type. */
  readonly color: boolean;
  /** On a terminal, a dyno's output may only change colors; a pipe gets it unchanged. */
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
export function toLogJson({ at, source, dyno, line, router }: LogEntry) {
  return { time: new Date(at).toISOString(), source, dyno, line, ...(router && { router }) };
}
