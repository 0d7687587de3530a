/** Reads the commands of a line, each up to its first word that is not plain text. */

export interface Word {
  readonly text: string;
  /** Its index in the command. */
  readonly at: number;
}

/** `node server.js` of `NODE_ENV=production node server.js "$FLAGS" && …`. */
export interface PlainCommand {
  readonly program: Word;
  /** Up to the first word that bash would change or that ends the command. */
  readonly args: readonly Word[];
  /** The line from the program on. */
  readonly line: string;
  /** Whether PATH is set for this command. */
  readonly setsPath: boolean;
}

const ASSIGNMENTS = '(?:[A-Za-z_]\\w*=[\\w./:,@-]*[ \\t]+)*';
const PREFIX = new RegExp(`^${ASSIGNMENTS}(?:exec[ \\t]+${ASSIGNMENTS})?`);

/** A program's name or path: neither a flag nor an assignment. */
const PROGRAM = /^[\w.][\w./@+-]*$/;

/** @returns undefined if the line does not begin with a plain command, but with a variable, a group or a function */
function firstCommand(line: string): PlainCommand | undefined {
  const [prefix = ''] = PREFIX.exec(line) ?? [];
  const { words, end } = plainWords(line, prefix.length);
  const [program, ...args] = words;
  const isFunction = words.length === 1 && line.startsWith('(', end);
  if (program === undefined || isFunction || !PROGRAM.test(program.text)) return undefined;
  return { program, args, line: line.slice(program.at), setsPath: /\bPATH=/.test(prefix) };
}

function plainWords(line: string, start: number): { readonly words: readonly Word[]; readonly end: number } {
  const word = /([\w./@%+:=,-]+)(?![^ \t])[ \t]*/y;
  word.lastIndex = start;
  const words: Word[] = [];
  let end = start;
  for (let match = word.exec(line); match; match = word.exec(line)) {
    words.push({ text: match[1] ?? '', at: match.index });
    end = word.lastIndex;
  }
  return { words, end };
}

/** The plain commands of a line such as `npm run build && node server.js`, in their order, until one is not plain. */
export function commandsOf(line: string): readonly PlainCommand[] {
  const commands: PlainCommand[] = [];
  for (const { text, at } of partsOf(line)) {
    const command = firstCommand(text);
    if (command === undefined) break;
    const shift = (word: Word): Word => ({ ...word, at: word.at + at });
    commands.push({ ...command, program: shift(command.program), args: command.args.map(shift) });
  }
  return commands;
}

/** A run of text without `&&`, `||`, `;` and what may hide these; quotes hide them as well. */
const PART = /(?:[^&|;'"\\`(){}<#]|'[^']*'|"[^"\\`$]*"|&(?!&)|\|(?!\|)|(?<=\S)[#{}])*/y;
const OPERATOR = /(?:&&|\|\||;)[ \t]*/y;

/** Splits a line at its operators. The last part is what cannot be split. */
function partsOf(line: string): readonly Word[] {
  const parts: Word[] = [];
  let start = 0;
  for (;;) {
    const end = endOf(PART, line, start) ?? start;
    const next = endOf(OPERATOR, line, end);
    if (next === undefined) return [...parts, { text: line.slice(start), at: start }];
    parts.push({ text: line.slice(start, end), at: start });
    start = next;
  }
}

/** The end of a sticky pattern's match at an index. */
function endOf(pattern: RegExp, line: string, index: number): number | undefined {
  pattern.lastIndex = index;
  return pattern.test(line) ? pattern.lastIndex : undefined;
}
