import { createReadStream, type Dirent, promises } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { errorCode, errorMessage, UserError } from '../../base/errors.js';
import { CHECKOUT_BYTES, CHECKOUT_PATHS } from '../../base/limits.js';
import { startProcess } from '../../base/process.js';
import { quote } from '../../base/wording.js';
import { walk } from '../../build/walk.js';
import { leadsOut } from '../../git/links.js';
import { atMost } from './at-most.js';

export interface UnpackOptions {
  /** `PATH`, by which tar is found. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Of all files. */
  readonly maxBytes?: number;
}

/** What has come out of an archive. */
export interface Unpacked {
  /** How many files and links. */
  readonly paths: number;
}

/**
 * Puts the files of an archive into an empty folder, by the system's tar. If all of them are in one folder, as in
 * GitHub's archives, they come out of it.
 * @param file a tar, compressed by gzip or not
 * @throws UserError `BAD_ARCHIVE`, `ARCHIVE_TOO_LARGE`, `NO_TAR` and then the folder is to be removed
 */
export async function unpack(file: string, dir: string, options: UnpackOptions): Promise<Unpacked> {
  const tar = (args: readonly string[], onLine: (line: string) => void) =>
    runTar(args, { file, dir, ...options }, onLine);
  let count = 0;
  // Before anything is unpacked: tar would leave out the beginnings of such names, and go on.
  await tar(['-t'], (name) => {
    count += 1;
    if (name.startsWith('/') || name.split('/').includes('..'))
      throw bad(`the path ${quote(name)} leads out of the app`);
    if (count > CHECKOUT_PATHS) throw bad(`it has more than ${CHECKOUT_PATHS} files`);
  });
  if (count === 0) throw bad('it is empty');
  await tar(['-x', '--no-same-owner', '--no-same-permissions'], () => {});
  await liftOut(dir);
  await promises.rm(join(dir, '.git'), { recursive: true, force: true });
  return check(dir);
}

function bad(why: string): UserError {
  return new UserError('BAD_ARCHIVE', `The archive cannot be built: ${why}`);
}

/** Moves everything out of the only folder, if there is nothing else. */
async function liftOut(dir: string): Promise<void> {
  const [only, ...others] = await promises.readdir(dir, { withFileTypes: true });
  if (!only?.isDirectory() || others.length > 0) return;
  const beside = `${dir}.unpacked`;
  await promises.rename(join(dir, only.name), beside);
  await promises.rmdir(dir);
  await promises.rename(beside, dir);
  await promises.chmod(dir, 0o700);
}

/**
 * Makes sure that all folders can be entered and removed, and that nothing leads out.
 * @throws UserError `BAD_ARCHIVE`
 */
async function check(dir: string): Promise<Unpacked> {
  const links = new Map<string, string>();
  let paths = 0;
  await walk(dir, async (path, entry) => {
    if (entry.isDirectory()) await promises.chmod(join(dir, path), 0o755);
    else if (entry.isSymbolicLink()) links.set(path, await promises.readlink(join(dir, path)));
    else refuseSpecial(path, entry);
    if (!entry.isDirectory()) paths += 1;
    return true;
  });
  for (const [path, target] of links)
    if (leadsOut(path, links)) throw bad(`the link ${quote(path)} leads out of the app: ${quote(target)}`);
  return { paths };
}

function refuseSpecial(path: string, entry: Dirent): void {
  if (!entry.isFile()) throw bad(`${quote(path)} is neither a file nor a link`);
}

interface Unpacking extends UnpackOptions {
  readonly file: string;
  readonly dir: string;
}

/**
 * Runs tar on an archive, to its end.
 * @param onLine called with each line that tar prints
 * @throws UserError `BAD_ARCHIVE`, `ARCHIVE_TOO_LARGE`, `NO_TAR`
 */
async function runTar(args: readonly string[], unpacking: Unpacking, onLine: (line: string) => void) {
  const { dir, path, signal } = unpacking;
  const command = ['tar', ...args, '-f', '-'] as const;
  const tar = await startProcess({ command, cwd: dir, env: { PATH: path, LC_ALL: 'C' } }).catch(noTar);
  const complaints = firstComplaint(tar.stderr);
  const enough = new AbortController();
  try {
    const feeding = feed(unpacking, tar.stdin, AbortSignal.any([signal, enough.signal]));
    await Promise.all([feeding, eachLine(tar.stdout, onLine)]);
  } catch (error) {
    enough.abort();
    tar.stdout.resume();
    await tar.exited;
    throw error;
  }
  const { status } = await tar.exited;
  if (status !== 0) throw bad(`tar says: ${complaints()}`);
}

function noTar(error: unknown): never {
  if (errorCode(error) !== 'ENOENT') throw error;
  throw new UserError('NO_TAR', 'There is no tar on the PATH', 'Install tar.');
}

/** The codes of errors in writing to a program that has ended. */
const HAS_ENDED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Gives tar what is in the archive. It may end before it has read what follows the last file. */
async function feed(
  { file, maxBytes = CHECKOUT_BYTES }: Unpacking,
  stdin: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<void> {
  const limit = atMost(maxBytes);
  try {
    const archive = createReadStream(file);
    if (await isGzip(file)) await pipeline(archive, createGunzip(), limit, stdin, { signal });
    else await pipeline(archive, limit, stdin, { signal });
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (signal.aborted) throw new UserError('CANCELLED', 'The build was cancelled');
    if (HAS_ENDED.has(errorCode(error))) return;
    throw bad(errorMessage(error));
  }
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await promises.open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  for await (const text of stream.setEncoding('utf8')) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
}

/** Reads tar's first complaint, as one line. That it removes a leading slash is not a complaint. */
function firstComplaint(stderr: Readable): () => string {
  let text = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < 1000) text += chunk;
  });
  return () => /^tar: (?!Removing )(.*)$/m.exec(text)?.[1] ?? text.trim();
}
