/** For `--env`: several of them are one with commas. */
export function alsoFile(file: string, before: string | undefined): string {
  return before === undefined ? file : `${before},${file}`;
}
