import { unreachable } from '../../base/errors.js';
import { styled } from '../../base/style.js';
import { escapeControls } from '../../base/wording.js';
import { herokuHead, toLogJson } from '../../logs/entry.js';
import { Pretty } from '../../logs/pretty.js';
import type { Formatter, LogFormat } from '../../logs/sinks.js';
import { terminalLine } from '../../logs/terminal-text.js';
import { TypeColors } from '../../logs/type-colors.js';

export interface LogLineOptions {
  readonly format: LogFormat;
  /** Colors the part before the text by the dyno's type. */
  readonly color: boolean;
  /** Of the terminal, on which a dyno's output may only change colors; undefined: a pipe, which gets it unchanged. */
  readonly columns: (() => number) | undefined;
}

/** How `logs` prints entries. */
export function createLogFormatter({ format, color, columns }: LogLineOptions): Formatter {
  switch (format) {
    case 'pretty': {
      const pretty = new Pretty({ color, ...(columns && { columns }) });
      // A row for each, as the other parts of a line may be missing.
      return ({ part: _, ...entry }) => pretty.format(entry);
    }
    case 'heroku':
      return createHeroku(color, columns !== undefined);
    case 'json':
      return (entry) => `${escapeControls(JSON.stringify(toLogJson(entry)))}\n`;
    default:
      return unreachable(format);
  }
}

/** As `heroku logs`. */
function createHeroku(color: boolean, isTerminal: boolean): Formatter {
  const colors = new TypeColors();
  return (entry) => {
    const head = herokuHead(entry);
    const text = isTerminal ? terminalLine(entry.line) : entry.line;
    return `${color ? styled(colors.of(entry.dyno), head) : head} ${text}\n`;
  };
}
