import { UserError } from '../base/errors.js';
import { CHECKOUT_BYTES, CHECKOUT_PATHS } from '../base/limits.js';
import type { GitEnvironment } from './git.js';
import type { Repository } from './repository.js';

/** A file, link or submodule of a commit. */
interface TreeEntry {
  readonly mode: string;
  /** The size of a file, or the length of a link's target. */
  readonly bytes: number;
  /** Decoded as Latin-1, because git's paths are bytes without a known encoding. */
  readonly path: string;
}

/** The contents of a commit. */
export interface Tree {
  /** The number of files, links and submodules. */
  readonly paths: number;
  readonly links: readonly string[];
  readonly submodules: readonly string[];
  /** The `.gitattributes` files. */
  readonly attributes: readonly string[];
  /** Files that are small enough to be pointers of Git LFS. */
  readonly tiny: readonly string[];
}

/**
 * Reads the tree of a commit.
 * @throws UserError `CHECKOUT_REFUSED` if it is too large
 */
export async function readTree(
  repository: Repository,
  commit: string,
  incoming: GitEnvironment,
): Promise<Tree> {
  const git = await repository.start(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], {
    env: incoming,
  });
  git.stdin.end();
  git.stderr.resume();
  const tree = { paths: 0, links: [], submodules: [], attributes: [], tiny: [] } as Growing;
  let bytes = 0;
  for await (const entry of entries(git.stdout)) {
    bytes += entry.bytes;
    add(tree, entry);
    if (tree.paths > CHECKOUT_PATHS) throw tooLarge(`more than ${CHECKOUT_PATHS} files`);
    if (bytes > CHECKOUT_BYTES) throw tooLarge('more than 1 GB of files');
  }
  const { status } = await git.exited;
  if (status !== 0) throw new Error(`git could not list the files of ${commit} in ${repository.path}`);
  return tree;
}

type Growing = { -readonly [Key in keyof Tree]: Tree[Key] extends readonly string[] ? string[] : Tree[Key] };

function tooLarge(what: string): UserError {
  return new UserError(
    'CHECKOUT_REFUSED',
    `The commit has ${what}`,
    'Keep what the app does not need out of git.',
  );
}

/** Pointers of Git LFS are smaller. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const POINTER_BYTES = 1024;

/** Larger `.gitattributes` files are ignored. */
const ATTRIBUTES_BYTES = 1024 * 1024;

function add(tree: Growing, { mode, bytes, path }: TreeEntry): void {
  tree.paths += 1;
  if (mode === '120000') tree.links.push(path);
  else if (mode === '160000') tree.submodules.push(path);
  else if (/(?:^|\/)\.gitattributes$/.test(path) && bytes < ATTRIBUTES_BYTES) tree.attributes.push(path);
  else if (bytes > 0 && bytes < POINTER_BYTES) tree.tiny.push(path);
}

async function* entries(output: AsyncIterable<Buffer>): AsyncGenerator<TreeEntry> {
  let rest = '';
  for await (const chunk of output) {
    const lines = (rest + chunk.toString('latin1')).split('\0');
    rest = lines.pop() ?? '';
    yield* lines.map(parseEntry);
  }
}

/** Parses `100644 blob 1a2b…    1234<tab>path`. The size of a submodule is `-`. */
function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', , , size = ''] = line.slice(0, tab).split(/ +/);
  return { mode, bytes: Number(size) || 0, path: line.slice(tab + 1) };
}
