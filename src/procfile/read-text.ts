/** Reads a file that a user wrote, or explains in one line why it cannot. */

import { Buffer, isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { linesOf } from './lines.js';
import { type Problem, warning } from './problem.js';

/** Describes a file for messages. */
export interface TextSource {
  /** The start of the error codes: `PROCFILE`. */
  readonly code: string;
  /** The file's name for the user. */
  readonly file: string;
  readonly maxBytes: number;
  /** An example of such a file's contents. */
  readonly example: string;
}

/**
 * Reads a text file.
 * @returns its text, with a byte order mark if it has one, and a warning if it is not all UTF-8
 * @throws UserError code `…_MISSING`, `…_NOT_A_FILE`, `…_UNREADABLE`, `…_TOO_BIG` or `…_NOT_TEXT`
 */
export function readText(
  path: string,
  source: TextSource,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const bytes = readBytes(path, source);
  if (isUtf16(bytes)) {
    throw new UserError(
      `${source.code}_NOT_TEXT`,
      `${source.file} is written in UTF-16`,
      'Save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8).',
    );
  }
  if (bytes.includes(0)) {
    throw new UserError(
      `${source.code}_NOT_TEXT`,
      `${source.file} is not a text file: it contains zero bytes`,
      `Write it as plain text, for example: ${source.example}`,
    );
  }
  const text = bytes.toString('utf8');
  return { text, problems: isUtf8(bytes) ? [] : [notUtf8(text, source.file)] };
}

/**
 * Reads a file that may be missing.
 * @returns undefined if it is
 * @throws UserError as `readText`, except `…_MISSING`
 */
export function readTextIfThere(path: string, source: TextSource): string | undefined {
  try {
    return readText(path, source).text;
  } catch (error) {
    if (error instanceof UserError && error.code === `${source.code}_MISSING`) return undefined;
    throw error;
  }
}

function readBytes(path: string, source: TextSource): Buffer {
  try {
    return readAtMost(path, source);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw explainReadError(error, path, source);
  }
}

/** Files from a shell, such as `-e <(command)`. Reading may wait, because something writes to them. */
const HANDED_OVER = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/)/;

/** Reads in chunks, because the size of a pipe or a device is unknown. */
function readAtMost(path: string, { code, file, maxBytes, example }: TextSource): Buffer {
  const isHandedOver = HANDED_OVER.test(path);
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const descriptor = openSync(path, constants.O_RDONLY | (isHandedOver ? 0 : constants.O_NONBLOCK));
  try {
    const kind = kindOf(fstatSync(descriptor));
    if (kind === 'a folder' || (kind !== undefined && !isHandedOver))
      throw new UserError(`${code}_NOT_A_FILE`, `${file} is ${kind} (${path})`, 'Name a file.');
    const pieces: Buffer[] = [];
    for (let size = 0; ; ) {
      const piece = Buffer.allocUnsafe(64 * 1024);
      const count = readSync(descriptor, piece);
      if (count === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, count));
      size += count;
      if (size > maxBytes) {
        const limit = `${maxBytes / 1024 / 1024} MB`;
        throw new UserError(
          `${code}_TOO_BIG`,
          `${file} is larger than ${limit}`,
          `It should look like: ${example}`,
        );
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** @returns undefined for a file, and for a device that reads as empty: `/dev/null` */
function kindOf(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'a folder';
  return stats.isFIFO() ? 'a named pipe' : undefined;
}

function explainReadError(error: unknown, path: string, { code, file, example }: TextSource): UserError {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError(
        `${code}_MISSING`,
        `There is no ${file} (${path})`,
        `Write one, for example: ${example}`,
      );
    case 'ENXIO':
      return new UserError(`${code}_NOT_A_FILE`, `${file} is a socket (${path})`, 'Name a file.');
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `${code}_UNREADABLE`,
        `${file} may not be read (${path})`,
        `Try: chmod u+r ${path}`,
      );
    default:
      return new UserError(`${code}_UNREADABLE`, `${file} cannot be read: ${errorMessage(error)}`);
  }
}

/** Whether a path is a link, even a dangling one. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** PowerShell's `>` writes UTF-16 with a byte order mark. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function notUtf8(text: string, file: string): Problem {
  const message = 'This is not UTF-8: some characters are lost.';
  const hint = 'Save the file as UTF-8.';
  for (const line of linesOf(text)) {
    const column = line.text.indexOf('\uFFFD') + 1;
    if (column > 0) return warning(file, message, hint, line.number, column);
  }
  return warning(file, message, hint);
}
