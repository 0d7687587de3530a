/** Finds databases and uploads that an app keeps in its folder, where a restart loses them. */

import { join } from 'node:path';
import { quote } from '../../base/wording.js';
import { filesBelow, textOf } from '../../config/folder.js';
import { languagesOf } from '../../config/languages.js';
import { lineAt, type Problem, warning } from '../../procfile/problem.js';
import type { Found } from './answer-of.js';
import type { AppFiles } from './app-files.js';

/** https://devcenter.heroku.com/articles/dynos#ephemeral-filesystem */
interface StorageRule {
  readonly files: RegExp;
  /** Its first group is the file or folder, if the code says it. */
  readonly says: RegExp;
  /** What else the file must say. */
  readonly and?: RegExp;
  /** What shows that it may be otherwise on Heroku. */
  readonly unless?: RegExp;
  readonly kind: 'SQLite' | 'uploads';
}

/** Neither in memory nor in a folder for what may be lost. */
const PATH = '(?!:memory:|file::memory:|/tmp/|/dev/shm)([^\'"`$]+)';
const OTHER_DATABASE = /DATABASE_URL|dj_database_url|django_heroku|POSTGRES|PGHOST/;
const JS = /\.[cm]?js$/;
const PY = /\.py$/;

const RULES: readonly StorageRule[] = [
  {
    files: JS,
    says: new RegExp(`\\bnew\\s+(?:Database|DatabaseSync|sqlite3\\.Database)\\(\\s*['"\`]${PATH}['"\`]`),
    and: /sqlite/,
    unless: OTHER_DATABASE,
    kind: 'SQLite',
  },
  { files: JS, says: /\bdialect:\s*['"]sqlite['"]/, unless: OTHER_DATABASE, kind: 'SQLite' },
  { files: JS, says: /\bclient:\s*['"](?:better-)?sqlite3['"]/, unless: OTHER_DATABASE, kind: 'SQLite' },
  { files: JS, says: new RegExp(`\\bmulter\\(\\s*\\{\\s*dest:\\s*['"]${PATH}['"]`), kind: 'uploads' },
  {
    files: JS,
    says: new RegExp(`\\b(?:uploadDir|destination):\\s*['"]${PATH}['"]`),
    and: /multer|formidable/,
    kind: 'uploads',
  },
  {
    files: PY,
    says: new RegExp(`\\bsqlite3\\.connect\\(\\s*['"]${PATH}['"]`),
    unless: OTHER_DATABASE,
    kind: 'SQLite',
  },
  {
    files: PY,
    says: /['"]sqlite:\/\/\/(?!:memory:|\/?tmp\/)([^'"]+)['"]/,
    unless: /environ|getenv|config\(|DATABASE_URL/,
    kind: 'SQLite',
  },
  {
    files: PY,
    says: /["']ENGINE["']\s*:\s*["']django\.db\.backends\.sqlite3["']/,
    unless: /environ|env\(|config\(|DATABASE_URL|dj_database_url|django_heroku|import\s*\*/,
    kind: 'SQLite',
  },
  { files: PY, says: /\bUPLOAD_FOLDER['"\]]*\s*=\s*["'](?!\/tmp)([^"']+)["']/, kind: 'uploads' },
  {
    files: PY,
    says: /^MEDIA_ROOT\s*=/m,
    unless: /storages|STORAGES|DEFAULT_FILE_STORAGE|cloudinary|import\s*\*/,
    kind: 'uploads',
  },
];

/** Sources that no dyno runs. */
const ASIDE =
  /(?:^|\/)(?:tests?|specs?|__tests__|docs?|examples?|scripts|migrations|node_modules|\.?venv|site-packages|\.[^/]+)\//;

const MOST_PYTHON_FILES = 300;
const MOST_FILES = 20_000;
/** Packages of an app are rarely deeper. */
const MOST_DEPTH = 4;

export function findStored({ dir, sources }: AppFiles): Required<Found> {
  const isPython = languagesOf(dir).has('python');
  const python = isPython ? pythonFiles(dir) : { files: [], isCut: false };
  const problems = [...sources.files, ...python.files]
    .filter((file) => !ASIDE.test(file))
    .flatMap((file) => find(file, textOf(join(dir, file))));
  const isCut = sources.isCut || python.isCut;
  return { problems, unknown: isCut ? ['There are more files than were looked at.'] : [] };
}

function find(file: string, text: string): readonly Problem[] {
  return RULES.flatMap(({ files, says, and, unless, kind }) => {
    const match = files.test(file) ? says.exec(text) : null;
    if (!match || and?.test(text) === false || unless?.test(text)) return [];
    const start = text.lastIndexOf('\n', match.index) + 1;
    // A comment.
    if (/^\s*(?:#|\/\/|\*)/.test(text.slice(start, match.index + 1))) return [];
    return [describe(kind, match[1], file, lineAt(text, match.index))];
  });
}

function describe(kind: StorageRule['kind'], path: string | undefined, file: string, line: number): Problem {
  const name = path === undefined ? '' : ` ${quote(path)}`;
  if (kind === 'SQLite') {
    const message = `The SQLite database${name} is a file: each restart of a dyno, at least one a day, loses what was written to it.`;
    return warning(file, message, 'Use a database server: heroku addons:create heroku-postgresql.', line);
  }
  const message = `Uploads go to a folder of the app${name && `,${name}`}: each restart of a dyno, at least one a day, loses them.`;
  return warning(file, message, 'Keep them in a bucket, such as one of S3.', line);
}

/** The Python files of an app, without those that it installs. */
function pythonFiles(dir: string): { readonly files: readonly string[]; readonly isCut: boolean } {
  const files: string[] = [];
  const isOwn = (path: string): boolean => path.split('/').length <= MOST_DEPTH && !ASIDE.test(`${path}/`);
  let seen = 0;
  for (const path of filesBelow(dir, isOwn)) {
    seen += 1;
    if (seen > MOST_FILES || files.length >= MOST_PYTHON_FILES) return { files, isCut: true };
    if (PY.test(path)) files.push(path);
  }
  return { files, isCut: false };
}
