/** Helpers for messages. */

/** Quotes text from a file in backticks: shortened, and safe to print on a terminal. */
export function quote(text: string, longest = 60): string {
  return `\`${printable(shorten(text, longest))}\``;
}

/** Cuts a text to `width` characters, with an ellipsis. */
export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Makes text safe to print on a terminal. */
export function printable(text: string): string {
  // Control characters, which could control the terminal, unusual spaces, and direction marks.
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, spellOut);
}

function spellOut(character: string): string {
  return character === '\t' ? ' ' : codePoint(character);
}

/** `U+00A0`. */
export function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Replaces each control character except the tab with its code, and nothing else. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, codePoint);
}

/** Including those above ASCII, which most terminals obey: U+009B begins a sequence like `ESC [`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds control characters
const CONTROL = /[\0-\x08\n-\x1f\x7f-\x9f]/g;

/** Makes JSON safe to print on a terminal: of all control characters, JSON itself escapes only those below U+0020. */
export function escapeControls(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[], word = 'and'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** `line 5`, `lines 5 and 9`, `lines 1, 2, 3, 4, 5 and 12 more`. */
export function nameLines(numbers: readonly number[]): string {
  const named = numbers.slice(0, 5).map(String);
  if (numbers.length > named.length) named.push(`${numbers.length - named.length} more`);
  return `${numbers.length === 1 ? 'line' : 'lines'} ${enumerate(named)}`;
}

/** Makes a sentence of a phrase: with a capital and a period. */
export function sentence(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}

/** The candidate that was probably meant by `word`. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  // One typo in a short word, two in a longer one: more would be guessing.
  let bestDistance = wanted.length < 6 ? 2 : 3;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** The number of letters to insert, delete, replace or swap with a neighbor to turn one word into the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row++) {
    const cells = [row];
    rows.push(cells);
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      cells[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + same,
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped && column > 1) cells[column] = Math.min(at(row, column), at(row - 2, column - 2) + 1);
    }
  }
  return at(from.length, to.length);
}
