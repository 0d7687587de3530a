/** A piece of a line in one style. */
export interface AnsiPiece {
  readonly text: string;
  /** Names of classes: `bold`, `red`, `on-blue`. Empty for plain text. */
  readonly style: string;
}

/** All but the tab. */
const CONTROL = String.raw`[\0-\x08\n-\x1f\x7f-\x9f]`;

const HAS_CONTROL = new RegExp(CONTROL);

/** Whether a line is more than plain text. */
export function hasControls(line: string): boolean {
  return HAS_CONTROL.test(line);
}

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** Sequences of colours, and all other control characters, which are left out: a page has no cursor to move. */
const SEQUENCE = new RegExp(
  [
    String.raw`\x1b\[([\d;:]*)m`,
    String.raw`\x1b\[[0-?]*[ -/]*[@-~]`,
    // A title or link, up to its end.
    String.raw`\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?`,
    String.raw`\x1b[ -/]*[0-~]`,
    CONTROL,
  ].join('|'),
  'g',
);

interface Style {
  readonly color: string;
  readonly background: string;
  readonly effects: readonly string[];
}

const PLAIN: Style = { color: '', background: '', effects: [] };

/** Divides a line into pieces by its escape sequences for colours. All other control characters are left out. */
export function parseAnsi(line: string): readonly AnsiPiece[] {
  const pieces: AnsiPiece[] = [];
  let style = PLAIN;
  let rest = 0;
  const take = (until: number): void => {
    const text = line.slice(rest, until);
    const name = [style.color, style.background, ...style.effects].filter(Boolean).join(' ');
    const last = pieces.at(-1);
    if (text === '') return;
    if (last?.style === name) pieces[pieces.length - 1] = { text: last.text + text, style: name };
    else pieces.push({ text, style: name });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    take(match.index);
    rest = match.index + match[0].length;
    if (match[1] !== undefined) style = changed(style, match[1]);
  }
  take(line.length);
  return pieces;
}

const EFFECTS: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' };
/** Which effects a code ends. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
};

/** A style after the parameters of a sequence. https://en.wikipedia.org/wiki/ANSI_escape_code#SGR */
function changed(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    const effect = EFFECTS[code];
    const ends = ENDS[code];
    if (code === 0) style = PLAIN;
    else if (effect) style = { ...style, effects: [...new Set([...style.effects, effect])] };
    else if (ends) style = { ...style, effects: style.effects.filter((name) => !ends.includes(name)) };
    else if (code === 39) style = { ...style, color: '' };
    else if (code === 49) style = { ...style, background: '' };
    else if (code === 38 || code === 48) {
      const [color, length] = extended(codes.slice(index + 1));
      style = code === 38 ? { ...style, color } : { ...style, background: color && `on-${color}` };
      index += length;
    } else style = { ...style, ...basic(code) };
  }
  return style;
}

/** Bright colours are the same: on a page, all must be readable. */
function basic(code: number): Partial<Style> {
  const color = COLORS[code % 10] ?? '';
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { color };
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) return { background: `on-${color}` };
  return {};
}

/** The nearest of the eight colours, since the page has its own for light and dark; and how many codes named it. */
function extended([kind, ...codes]: readonly number[]): readonly [color: string, length: number] {
  if (kind === 2) return [nearest(codes.slice(0, 3)), 4];
  if (kind !== 5) return ['', 1];
  const [number = 0] = codes;
  if (number < 16) return [COLORS[number % 8] ?? '', 2];
  if (number > 231) return [number < 244 ? 'black' : 'white', 2];
  const cube = number - 16;
  return [nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => level * 51)), 2];
}

function nearest(rgb: readonly number[]): string {
  const [red = 0, green = 0, blue = 0] = rgb;
  const bits = [red, green, blue].map((level) => (level > Math.max(red, green, blue) / 2 ? 1 : 0));
  const [r = 0, g = 0, b = 0] = bits;
  if (Math.max(red, green, blue) < 50) return 'black';
  return COLORS[r + 2 * g + 4 * b] ?? '';
}
