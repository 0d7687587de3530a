/** Lays out help texts for the width of the terminal. */

import { type Command, Help } from 'commander';

/** Beside a column narrower than this, descriptions would be columns of single words: they get lines of their own. */
const NARROWEST = 30;

/** The indentation of descriptions on lines of their own, and of continued examples. */
const DEEP = ' '.repeat(6);

/** How many columns there are: of the terminal, else what the environment says, else 80. */
export function helpWidth(): number {
  const { isTTY, columns } = process.stdout;
  return (isTTY && columns) || Number(process.env.COLUMNS) || 80;
}

/** For `configureHelp`. The library itself stops wrapping when descriptions would get less than 40 columns. */
export const HELP_LAYOUT: Partial<Help> = {
  minWidthToWrap: 1,
  formatHelp(command, help) {
    const [usage = '', ...others] = Help.prototype.formatHelp.call(help, command, help).split('\n');
    return [indented(help, usage, ' '.repeat('Usage: '.length)), ...others].join('\n');
  },
  formatItem: row,
};

/** A term and its description: `  --strict  refuse what …`. */
export function row(term: string, termWidth: number, description: string, help: Help): string {
  const beside = termWidth + 4;
  if (description === '') return `  ${term}`;
  return widthOf(help) - beside < NARROWEST
    ? `  ${term}\n${DEEP}${indented(help, description, DEEP)}`
    : `  ${term.padEnd(termWidth)}  ${indented(help, description, ' '.repeat(beside))}`;
}

/** Wraps text whose first line is indented by the caller. */
function indented(help: Help, text: string, indent: string): string {
  return help.boxWrap(text, widthOf(help) - indent.length).replaceAll('\n', `\n${indent}`);
}

function widthOf({ helpWidth: width = 80 }: Help): number {
  return width;
}

/** What follows the flags in a command's help. */
export interface HelpEnd {
  /** A paragraph each. */
  readonly notes?: readonly string[];
  /** Words that the command takes while it runs, each with its description. */
  readonly words?: { readonly title: string; readonly rows: readonly (readonly [string, string])[] };
  /** Command lines. */
  readonly examples: readonly string[];
}

export function endHelp(command: Command, { notes = [], words, examples }: HelpEnd): Command {
  return command.addHelpText('after', () => {
    const help = command.createHelp();
    const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
    help.prepareContext({ helpWidth: width });
    const paragraphs = notes.flatMap((note) => ['', help.boxWrap(note, width)]);
    const termWidth = Math.max(0, ...(words?.rows.map(([word]) => word.length) ?? []));
    const rows = words?.rows.map(([word, text]) => row(word, termWidth, text, help)) ?? [];
    const list = words ? ['', words.title, ...rows] : [];
    return [...paragraphs, ...list, '', 'Examples:', ...examples.map((line) => example(line, width))].join(
      '\n',
    );
  });
}

/** A command line, continued as shells allow it: on any terminal it can be copied. */
function example(line: string, width: number): string {
  const rows: string[] = [];
  let last = '  $';
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    // Every row but the last ends in " \".
    if (last.length + 1 + word.length + 2 <= width || last === '  $') last += ` ${word}`;
    else {
      rows.push(`${last} \\`);
      last = DEEP + word;
    }
  }
  return [...rows, last].join('\n');
}
