/** Finds the environment variables that an app's code reads. */

import { join } from 'node:path';
import { positionsIn } from '../env-grammar.js';
import { filesBelow, textOf } from '../folder.js';

/** A variable, and where the code reads it first. */
export interface EnvName {
  readonly name: string;
  /** Relative to the app's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** How the code of a language reads a variable. */
interface Dialect {
  readonly files: RegExp;
  /** Whole lines that are comments. */
  readonly comment: RegExp;
  /** Each one's group `name` is the name, its group `names` a list in braces. */
  readonly reads: readonly RegExp[];
}

const NAME = '(?<name>[A-Za-z_]\\w*)';
const QUOTED = `["'\`]${NAME}["'\`]`;

const DIALECTS: readonly Dialect[] = [
  {
    files: /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/,
    comment: /^\s*(?:\/\/|\/?\*)/,
    reads: [
      new RegExp(`\\bprocess\\.env(?:\\?\\.|!?\\.)${NAME}`, 'g'),
      new RegExp(`\\bprocess\\.env(?:\\?\\.)?\\[\\s*${QUOTED}`, 'g'),
      /\{(?<names>[^{}]*)\}\s*=\s*process\.env\b(?!\s*[.[?])/g,
      new RegExp(`\\bDeno\\.env\\.get\\(\\s*${QUOTED}`, 'g'),
      new RegExp(`\\bBun\\.env\\.${NAME}`, 'g'),
    ],
  },
  {
    files: /\.py$/,
    comment: /^\s*#/,
    reads: [
      new RegExp(`\\benviron\\[\\s*${QUOTED}`, 'g'),
      new RegExp(`\\benviron\\.(?:get|pop)\\(\\s*${QUOTED}`, 'g'),
      new RegExp(`\\bgetenv\\(\\s*${QUOTED}`, 'g'),
      new RegExp(`${QUOTED}\\s+(?:not\\s+)?in\\s+os\\.environ`, 'g'),
      // django-environ and environs; python-decouple.
      new RegExp(`\\benv(?:\\.\\w+)?\\(\\s*${QUOTED}`, 'g'),
      /(?<!\.)\bconfig\(\s*["'](?<name>[A-Z][A-Z\d_]*)["']/g,
    ],
  },
  {
    files: /(?:\.(?:rb|erb|rake|ru|ya?ml|haml|slim)|(?:^|\/)(?:Gemfile|Rakefile))$/,
    comment: /^\s*#/,
    reads: [
      new RegExp(`\\bENV\\[\\s*${QUOTED}`, 'g'),
      new RegExp(`\\bENV\\.(?:fetch|key\\?|has_key\\?|include\\?|dig)\\(?\\s*${QUOTED}`, 'g'),
    ],
  },
  {
    files: /\.go$/,
    comment: /^\s*\/\//,
    reads: [
      new RegExp(`\\bos\\.(?:Getenv|LookupEnv)\\(\\s*${QUOTED}`, 'g'),
      // The tags of github.com/caarlos0/env and of kelseyhightower/envconfig.
      new RegExp(`\\b(?:env|envconfig):"${NAME}[",]`, 'g'),
    ],
  },
  {
    files: /\.php$/,
    comment: /^\s*(?:\/\/|#|\/?\*)/,
    reads: [
      new RegExp(`\\bgetenv\\(\\s*${QUOTED}`, 'g'),
      new RegExp(`\\$_ENV\\[\\s*${QUOTED}`, 'g'),
      // Laravel's.
      new RegExp(`(?<![\\w>:$])env\\(\\s*${QUOTED}`, 'g'),
    ],
  },
  {
    files: /\.(?:java|kt|kts|scala|groovy|clj)$/,
    comment: /^\s*(?:\/\/|\/?\*)/,
    reads: [
      new RegExp(`\\bgetenv\\(\\s*${QUOTED}`, 'g'),
      new RegExp(`\\bgetenv\\(\\)\\.get\\(\\s*${QUOTED}`, 'g'),
    ],
  },
  {
    files: /\.rs$/,
    comment: /^\s*\/\//,
    reads: [new RegExp(`\\benv::var(?:_os)?\\(\\s*${QUOTED}`, 'g')],
  },
  {
    files: /\.exs?$/,
    comment: /^\s*#/,
    reads: [new RegExp(`\\bSystem\\.(?:get_env|fetch_env!?)\\(\\s*${QUOTED}`, 'g')],
  },
];

/** The platform sets them. */
const PLATFORM = new Set(['PORT', 'DYNO']);

/**
 * The variables that the code in a folder reads, in the order of their names. Code of others, of builds and of tests is
 * not read.
 */
export function findEnvNames(dir: string): readonly EnvName[] {
  const found = new Map<string, EnvName>();
  for (const file of sourceFiles(dir)) {
    const dialect = DIALECTS.find(({ files }) => files.test(file));
    for (const name of dialect ? namesRead(dialect, textOf(join(dir, file)), file) : [])
      if (!found.has(name.name)) found.set(name.name, name);
  }
  return [...found.values()]
    .filter(({ name }) => !PLATFORM.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function namesRead({ comment, reads }: Dialect, source: string, file: string): readonly EnvName[] {
  // Without comments, but with as many lines.
  const text = source
    .split('\n')
    .map((line) => (comment.test(line) ? '' : line))
    .join('\n');
  const position = positionsIn(text);
  return reads.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ index, groups = {} }) => {
      const { line } = position(index);
      const names = groups.name === undefined ? destructured(groups.names ?? '') : [groups.name];
      return names.map((name) => ({ name, file, line }));
    }),
  );
}

/** `API_KEY, DATABASE_URL: url, DEBUG = ''`. */
function destructured(names: string): readonly string[] {
  return names.split(',').flatMap((part) => /^\s*([A-Za-z_]\w*)\s*(?:[:=]|$)/.exec(part)?.[1] ?? []);
}

/** Folders whose code is not the app's own, or not what Heroku runs. Hidden ones are left out as well. */
const FOREIGN =
  /^(?:node_modules|bower_components|vendor|venv|env|site-packages|__pycache__|dist|build|out|target|coverage|tmp|log|tests?|__tests__|specs?|e2e|cypress|fixtures|docs|examples?)$/;

const TEST =
  /(?:\.(?:test|spec)\.\w+|_test\.(?:go|rb|py)|_spec\.rb|(?:^|\/)test_\w+\.py|(?:^|\/)conftest\.py)$/;

/** More than an app has that people write themselves. */
const MOST_FILES = 5000;

function sourceFiles(dir: string): readonly string[] {
  const isHidden = (path: string): boolean => /(?:^|\/)\.[^/]*$/.test(path);
  const found: string[] = [];
  for (const path of filesBelow(dir, (path, name) => !isHidden(path) && !FOREIGN.test(name))) {
    if (found.length >= MOST_FILES) break;
    const isSource = !isHidden(path) && !TEST.test(path) && DIALECTS.some(({ files }) => files.test(path));
    if (isSource) found.push(path);
  }
  return found;
}
