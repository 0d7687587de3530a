/**
 * Text for a terminal that several dynos share. Of all control sequences, only colors pass: no dyno may clear the
 * terminal, move the cursor, change the screen or title, or ring the bell.
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */

/** Ends a color that a dyno left on, so that it does not affect other lines. */
export const RESET = '\x1b[0m';

/** All control characters except the tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds control characters
const HAS_CONTROLS = /[\0-\x08\n-\x1f\x7f-\x9f]/;

/** Control sequences (CSI), control strings with their contents (OSC, DCS …), other escapes, and single characters. */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it finds control characters
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|[\0-\x08\n-\x1f\x7f-\x9f]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape before a color
const COLOR = /^\x1b\[[\d;:]*m$/;

/** Moves to the first column: CR, and the sequence with the same effect. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const RETURN = /^(?:\r|\x1b\[1?G)$/;

/**
 * Removes control characters except colors and tabs. A return to the start of the row (a progress bar) becomes a CR.
 */
export function colorsOnly(text: string): string {
  if (!HAS_CONTROLS.test(text)) return text;
  return text.replace(CONTROLS, (control) => {
    if (COLOR.test(control)) return control;
    return RETURN.test(control) ? '\r' : '';
  });
}

/** A line for a row of its own: each CR becomes `\r` in print, and colors end with the line. */
export function terminalLine(text: string): string {
  const safe = colorsOnly(text).replaceAll('\r', '\\r');
  return safe.includes('\x1b') ? `${safe}${RESET}` : safe;
}

/** Removes control characters except tabs, colors too. */
export function plainText(text: string): string {
  return HAS_CONTROLS.test(text) ? text.replace(CONTROLS, '') : text;
}
