/** What YAML makes of text that stands on one line. */

import { quote } from '../../base/wording.js';
import { firstNonBlank, trimBlanks } from '../lines.js';

/** A value, as Railpack's library reads it: gopkg.in/yaml.v2, which wants a text. */
export interface YamlValue {
  /** Undefined if it is none. */
  readonly text: string | undefined;
  /** If a character that can be seen is the cause, why that is not what stands there: a phrase, and the index of its cause. */
  readonly trouble?: { readonly what: string; readonly at: number };
}

/** The value in the text after `name:`. */
export function yamlValue(rest: string): YamlValue {
  const at = firstNonBlank(rest);
  const value = trimBlanks(rest);
  // A block is the next lines. There is a warning of its own for it.
  if (BLOCK.test(value)) return { text: value };
  if (CONTROL.test(value)) return { text: undefined };
  if (SPECIAL.test(value)) {
    const first = value.startsWith('`') ? 'a backtick' : quote(value.charAt(0));
    return { text: specialText(value), trouble: { what: `${first} at the start of the command`, at } };
  }
  return plainValue(value, at);
}

const BLOCK = /^[|>][-+\d]{0,2}$/;

/** What YAML forbids, and its line ends. https://yaml.org/spec/1.1/#id868524 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/;

/** What cannot begin a plain text, and what stands for no value at all. */
const SPECIAL = /^(?:["'[\]{},%@`*&!|>#]|[-?:](?:[ \t]|$)|(?:~|null|Null|NULL)$)/;

/** A text without quotes: it ends at a comment, and has no `: ` in it. */
function plainValue(value: string, at: number): YamlValue {
  const comment = value.search(/[ \t]#/);
  const plain = comment === -1 ? value : trimBlanks(value.slice(0, comment));
  const colon = plain.search(/:(?=[ \t]|$)/);
  if (colon !== -1)
    return { text: undefined, trouble: { what: 'a colon before a space in the command', at: at + colon } };
  // For a shell it is a comment as well, unless it is in quotes.
  if (comment === -1 || /^(?:[^'"\\`(]|'[^']*'|"[^"\\`$]*")*$/.test(plain)) return { text: value };
  return { text: plain, trouble: { what: '`#` after a space in the command', at: at + comment + 1 } };
}

/** Quoted text, text behind an anchor or a tag, and nothing for a comment or a null. */
function specialText(value: string): string | undefined {
  if (/^(?:#|~|[nN])/.test(value)) return '';
  const [, double] = /^("(?:[^"\\]|\\.)*")[ \t]*(?:#.*)?$/.exec(value) ?? [];
  if (double !== undefined) return unescaped(double);
  const [, single] = /^'((?:[^']|'')*)'[ \t]*(?:#.*)?$/.exec(value) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  const [marked, behind = ''] = /^(?:&[\w-]+|![\w-]*)(?:[ \t]+(.*))?$/.exec(value) ?? [];
  return marked === undefined ? undefined : yamlValue(behind).text;
}

/** YAML has all escapes of JSON. */
function unescaped(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}
