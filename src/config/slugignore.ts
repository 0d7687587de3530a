/** Reads `.slugignore`: which files are left out of a slug. https://devcenter.heroku.com/articles/slug-compiler */

type Pattern = (path: string, isFolder: boolean) => boolean;

/**
 * Not the rules of `.gitignore`, though the page says so: words separated by blanks or line ends, each a glob of Ruby's.
 * One with a slash names a path from the app's folder, any other a name at any depth. Nothing is taken back by `!`.
 */
export function parseSlugignore(text: string): readonly Pattern[] {
  const words = text.split('\n').flatMap((line) => line.replace(/(^|\s)#.*/, '').split(/\s+/));
  return words
    .filter((word) => word !== '')
    .map((word) => {
      const glob = globToRegExp(word.includes('/') ? word.replace(/^\/+|\/+$/g, '') : `**/${word}`);
      const isFolderOnly = word.endsWith('/');
      return (path, isFolder) => glob.test(path) && (isFolder || !isFolderOnly);
    });
}

/** Each part of a glob. */
const GLOB_PART = /(?<deep>(?<=^|\/)\*\*\/)|(?<stars>\*+)|(?<one>\?)|(?<set>\[[^\]]+\])|(?<brace>[{},])|./gsu;

/** Ruby's `*` and `?` match no dot at the start of a name. */
const NO_HIDDEN = '(?:(?<!^|/)|(?!\\.))';
const BRACES: Readonly<Record<string, string>> = { '{': '(?:', ',': '|', '}': ')' };

function globToRegExp(glob: string): RegExp {
  try {
    return new RegExp(`^${translate(glob)}$`, 'u');
  } catch {
    // An unclosed brace, or [z-a], means itself.
    return new RegExp(`^${translate(glob, { hasGroups: false })}$`, 'u');
  }
}

function translate(glob: string, { hasGroups } = { hasGroups: true }): string {
  const parts = Array.from(glob.matchAll(GLOB_PART), ({ 0: text, groups: part = {} }) => {
    if (part.deep) return '(?:(?!\\.)[^/]+/)*';
    if (part.stars) return `${NO_HIDDEN}[^/]*`;
    if (part.one) return `${NO_HIDDEN}[^/]`;
    if (!hasGroups) return escapeRegExp(text);
    if (part.set) return text.replace(/^\[[!^]/, '[^').replaceAll('\\', '\\\\');
    return BRACES[part.brace ?? ''] ?? escapeRegExp(text);
  });
  return parts.join('');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
