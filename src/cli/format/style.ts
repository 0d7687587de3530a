/** SGR codes of a terminal. https://ecma-international.org/publications-and-standards/standards/ecma-48/ */
const STYLES = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
} as const;

export type Style = keyof typeof STYLES;

/** Text in a colour, whatever stands behind it in none. */
export function styled(style: Style, text: string): string {
  return text === '' ? '' : `\x1b[${STYLES[style]}m${text}\x1b[0m`;
}
