import { type Style, styled } from '../../base/style.js';
import type { LogEntry } from '../../logs/entry.js';

/**
 * As Heroku's CLI has them: these, and for all other names the colours in turn.
 * https://github.com/heroku/cli/blob/main/src/lib/run/colorize.ts
 */
const COLORS: readonly Style[] = ['yellow', 'green', 'cyan', 'magenta', 'blue'];
const FIXED = ['run', 'router', 'web', 'postgres', 'heroku-postgres'];

const LINE = /^(.*?\[([\w-]+)[\d.]*\]:)(.*)$/s;

/** Colours the `time source[dyno]:` in front of a line by the type of the dyno. */
export function createLogPainter(): (line: string) => string {
  const known = [...FIXED];
  return (line) => {
    const [, head, type, text] = LINE.exec(line) ?? [];
    if (head === undefined || type === undefined) return line;
    if (!known.includes(type)) known.push(type);
    const style = COLORS[known.indexOf(type) % COLORS.length] ?? 'yellow';
    return `${styled(style, head)}${text}`;
  };
}

/** An entry for programs, with the keys of `start --log-format json`. */
export function toLogJson({ at, source, dyno, line }: LogEntry) {
  return { time: new Date(at).toISOString(), source, dyno, line };
}
