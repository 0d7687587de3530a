/** What the build of an image does not get, by the rules of the app. https://docs.docker.com/build/concepts/context/#dockerignore-files */

/** Never in an image: secrets, and what only this machine can use. */
const ALWAYS = [
  '**/.env*',
  '**/.git',
  '**/.DS_Store',
  '**/node_modules',
  '**/__pycache__',
  '.venv',
  'venv',
  '.heroku',
  // The folders themselves stay, for the files that an app writes into them.
  'tmp/**',
  '!tmp/**/.keep',
  '!tmp/**/.gitkeep',
];

/** What git would not have pushed, and what Heroku leaves out of a slug. */
export interface IgnoreFiles {
  /** The text of `.gitignore`. */
  readonly git: string;
  /** The text of `.slugignore`. */
  readonly slug: string;
}

/** The patterns of a `.dockerignore`. Of two that match, the later one counts, so those that always apply come last. */
export function ignoredPatterns({ git, slug }: IgnoreFiles): readonly string[] {
  return [...fromGitignore(git), ...fromSlugignore(slug), ...ALWAYS];
}

/** Git's patterns match at any depth unless they have a slash; Docker's never do. https://git-scm.com/docs/gitignore */
function fromGitignore(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const written = line.replace(/(?<!\\) +$/, '');
    if (written === '' || written.startsWith('#')) return [];
    const isBack = written.startsWith('!');
    const pattern = written.slice(isBack ? 1 : 0).replace(/\/+$/, '');
    if (pattern === '') return [];
    const anchored = pattern.includes('/') ? pattern.replace(/^\//, '') : `**/${pattern}`;
    return [`${isBack ? '!' : ''}${anchored}`];
  });
}

/** As `parseSlugignore` reads it. */
function fromSlugignore(text: string): readonly string[] {
  const words = text.split('\n').flatMap((line) => line.replace(/(^|\s)#.*/, '').split(/\s+/));
  return words
    .map((word) => word.replace(/\/+$/, ''))
    .filter((word) => word !== '')
    .map((word) => (word.includes('/') ? word.replace(/^\/+/, '') : `**/${word}`));
}
