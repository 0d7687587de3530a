import { columnsOf, wrap } from '../logs/wrap.js';

/**
 * Folds lines for a terminal, at spaces alone: a word that is longer than a row, such as a URL, is left to the terminal, so
 * that it can still be clicked and copied. Further rows of a line are indented, in a table such as `  web  node server.js ...` like
 * its last column.
 */
export function fold(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => foldLine(line, width))
    .join('\n');
}

function foldLine(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  const [margin = ''] = /^ */.exec(line) ?? [];
  const [head = margin] = /^ *\S+(?: \S+)* {2,}/.exec(line) ?? [];
  const isBeside = head !== margin && head.length <= width / 2;
  const first = isBeside ? head : margin;
  const indent = isBeside ? ' '.repeat(head.length) : `${margin}  `;
  const rows = wrap(line.slice(first.length), width - indent.length, first.length - indent.length, false);
  return first + rows.join(`\n${indent}`);
}
