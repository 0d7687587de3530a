import { isGithubActions } from './format/github.js';
import { note, print } from './output.js';

/**
 * Prints annotations if GitHub Actions runs this process. It reads both outputs; with `--json`, stdout has the document alone.
 * @param format gets the root of the repository
 */
export function annotate(isJson: boolean | undefined, format: (root: string) => readonly string[]): void {
  if (!isGithubActions(process.env)) return;
  const root = process.env.GITHUB_WORKSPACE ?? process.cwd();
  for (const line of format(root)) (isJson ? note : print)(line);
}
