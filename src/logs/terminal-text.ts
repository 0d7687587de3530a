/**
 * Text for a terminal that several speakers share: colours pass, and nothing else that steers it. Nobody may clear it,
 * move its cursor, change its screen or title, or ring.
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */

/** Ends a colour that is left switched on, so that it does not run into what others say. */
export const RESET = '\x1b[0m';

/** Whether there is anything to look at: all control characters but the tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const HAS_CONTROLS = /[\0-\x08\n-\x1f\x7f-\x9f]/;

/** Whole control sequences (CSI), strings with what they carry (OSC, DCS …), other escapes, and single characters. */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|[\0-\x08\n-\x1f\x7f-\x9f]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape before a colour
const COLOR = /^\x1b\[[\d;:]*m$/;

/** To the first column: CR, and the sequence that means the same. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const RETURN = /^(?:\r|\x1b\[1?G)$/;

/** The text with its colours and tabs; each return to the start of the row (a progress bar) is a CR. */
export function colorsOnly(text: string): string {
  if (!HAS_CONTROLS.test(text)) return text;
  return text.replace(CONTROLS, (control) => {
    if (COLOR.test(control)) return control;
    return RETURN.test(control) ? '\r' : '';
  });
}

/** A line for a row of its own: returns are spelled out, and no colour goes beyond its end. */
export function terminalLine(text: string): string {
  const safe = colorsOnly(text).replaceAll('\r', '\\r');
  return safe.includes('\x1b') ? `${safe}${RESET}` : safe;
}
