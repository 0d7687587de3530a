/** A color, or a character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape before a color
const STEP = /\x1b\[[\d;:]*m|./gsu;

/** Characters that take one column each on any terminal. */
const IS_SIMPLE = /^[ -~]*$/;

const TAB_COLUMNS = 8;

/**
 * Breaks text into rows of at most `width` columns, if possible at spaces. Colors take no columns.
 * @param used columns of the first row that are already in use
 * @param breaksWords whether a word that is longer than a row is broken, too, or stands in a longer row
 */
export function wrap(text: string, width: number, used = 0, breaksWords = true): readonly string[] {
  if (used + text.length <= width && IS_SIMPLE.test(text)) return [text];
  const rows: string[] = [];
  let row = '';
  let column = used;
  /** Where the row can be broken: after its last space. */
  let blank = START;
  for (const [step] of text.matchAll(STEP)) {
    const columns = widthOf(step, column);
    const isBlank = step === ' ' || step === '\t';
    if (column + columns > width && columns > 0 && (breaksWords || isBlank || blank !== START)) {
      const end = isBlank || blank === START ? { index: row.length, column } : blank;
      rows.push(row.slice(0, end.index).trimEnd());
      row = row.slice(end.index);
      column -= end.column;
      blank = START;
      // Drop the space at which a row breaks.
      if (isBlank) continue;
    }
    row += step === '\t' ? ' '.repeat(columns) : step;
    column += columns;
    if (isBlank) blank = { index: row.length, column };
  }
  return [...rows, row];
}

/** No space yet. */
const START = { index: 0, column: 0 };

/** How many columns a text takes on a terminal if it begins at column `from`. */
export function columnsOf(text: string, from = 0): number {
  if (IS_SIMPLE.test(text)) return text.length;
  let column = from;
  for (const [step] of text.matchAll(STEP)) column += widthOf(step, column);
  return column - from;
}

function widthOf(step: string, column: number): number {
  if (step === '\t') return TAB_COLUMNS - (column % TAB_COLUMNS);
  if (step.startsWith('\x1b') || isZeroWidth(step)) return 0;
  return isWide(step) ? 2 : 1;
}

/** Whether it is a combining mark or format character. */
function isZeroWidth(character: string): boolean {
  return /^(?:\p{M}|\p{Cf})/u.test(character);
}

/** Whether it is a wide East Asian character or an emoji. https://www.unicode.org/reports/tr11/ */
function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u.test(
    character,
  );
}
