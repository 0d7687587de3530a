/** A word as a shell reads it back, in quotes if it needs them. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
