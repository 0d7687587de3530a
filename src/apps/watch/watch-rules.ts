import { UserError } from '../../base/errors.js';
import { matching } from '../../config/gitignore.js';

/** A pattern of `--watch-only`, perhaps for one process type: `web:src/web/**`. */
interface WatchRule {
  /** Undefined: all types. */
  readonly type: string | undefined;
  /** As in .gitignore. */
  readonly pattern: string;
}

function parseRule(text: string): WatchRule {
  const [, type, pattern = text] = /^([\w-]+):(.*)$/.exec(text) ?? [];
  if (pattern.trim() === '')
    throw new UserError(
      'BAD_PATTERN',
      `--watch-only: "${text}" names no files`,
      'Write for example web:src/web/**.',
    );
  return { type, pattern };
}

/**
 * The process types that patterns of `--watch-only` name.
 * @throws UserError `BAD_PATTERN` for a pattern that names no files: nothing would ever restart
 */
export function typesOfRules(rules: readonly string[]): readonly string[] {
  return rules.flatMap((text) => parseRule(text).type ?? []);
}

/** Which files restart the dynos of which types. */
export class WatchRules {
  readonly #groups: ReadonlyMap<string | undefined, (path: string) => boolean>;

  /** @param rules none: every file restarts all */
  constructor(rules: readonly string[]) {
    const parsed = rules.map(parseRule);
    const types = new Set(parsed.map(({ type }) => type));
    const patternsOf = (wanted: string | undefined): readonly string[] =>
      parsed.filter(({ type }) => type === wanted).map(({ pattern }) => pattern);
    this.#groups = new Map([...types].map((type) => [type, matching(patternsOf(type))]));
  }

  /** @param path relative to the app's folder, with `/` */
  matches(path: string): boolean {
    return [...this.#groups.values()].some((isMatch) => isMatch(path));
  }

  /** The types whose dynos files restart; undefined: all. */
  typesFor(paths: readonly string[]): readonly string[] | undefined {
    const types = [...this.#groups].flatMap(([type, isMatch]) => (paths.some(isMatch) ? [type] : []));
    const named = types.filter((type) => type !== undefined);
    return this.#groups.size === 0 || named.length < types.length ? undefined : named;
  }
}
