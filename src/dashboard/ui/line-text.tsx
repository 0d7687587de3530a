import type { LogLine } from '../../logs/entry.js';
import { hasControls, parseAnsi } from '../state/ansi.js';
import { toneOf } from '../state/logs.js';

/** The text of a line of the log with its colours. Whatever it contains stays text. */
export function LineText({ line }: { line: Pick<LogLine, 'source' | 'line'> }) {
  const { line: text } = line;
  return (
    <span class={toneOf(line)}>
      {hasControls(text)
        ? parseAnsi(text).map(({ text, style }, index) => (
            <span key={index} class={style}>
              {text}
            </span>
          ))
        : text}
    </span>
  );
}
