/** The files that `--env` names: `.env,.env.local`. */
export function fileNames(list: string | undefined): readonly string[] {
  return list?.split(',').map((name) => name.trim()) ?? [];
}

/** For `--env`: several of them are one with commas. */
export function alsoFile(file: string, before: string | undefined): string {
  return before === undefined ? file : `${before},${file}`;
}
