/** The files that `--env` names: `.env,.env.local`. */
export function fileNames(list: string | undefined): readonly string[] {
  return list?.split(',').map((name) => name.trim()) ?? [];
}

export const ENV_FILES = 'env files, separated by commas';

/** Combines repeated `--env` flags: `-e .env -e .env.local` means the same as `-e .env,.env.local`. */
export function alsoFile(file: string, before: string | undefined): string {
  return before === undefined ? file : `${before},${file}`;
}
