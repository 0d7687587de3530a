import { isDuration } from '../base/duration.js';
import { nearest } from '../base/wording.js';

/**
 * An error of the library that reads the command line, as dynosim words its own:
 * `dynosim: unknown command 'pz'. Did you mean ps?`
 * @param command whose help says more: `dynosim ps`
 */
export function toOneLine(text: string, command: string): string {
  const [said = '', suggestion] = text
    .replace(/^error: /, '')
    .trimEnd()
    .split('\n');
  const [, word = ''] = /'(.*)'/.exec(said) ?? [];
  const hint = durationHint(word) ?? suggestionFor(word, suggestion) ?? `See ${command} --help.`;
  return `dynosim: ${said.replace(/\.$/, '')}. ${hint}\n`;
}

/** A user who types `-5m` does not mean a flag. */
function durationHint(word: string): string | undefined {
  const positive = word.slice(1);
  return word.startsWith('-') && isDuration(positive) ? `Durations are positive: ${positive}` : undefined;
}

/** The library also suggests distant names; this keeps only near ones. */
function suggestionFor(word: string, suggestion = ''): string | undefined {
  const [, said, names] = /^\((Did you mean (?:one of )?(.*)\?)\)$/.exec(suggestion) ?? [];
  return nearest(withoutDashes(word), names?.split(', ').map(withoutDashes) ?? []) && said;
}

function withoutDashes(flag: string): string {
  return flag.replace(/^--/, '');
}
