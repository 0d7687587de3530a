import { basename, dirname } from 'node:path';
import { saveFile } from './atomic-file.js';
import { errorMessage, FREE_SPACE, isDiskFull, UserError } from './errors.js';
import { readIfThere } from './read.js';
import { count, object, type Shape } from './shape.js';

/** The version of the format of all records. */
const FORMAT = 1;

const ANY_RECORD = object({ format: count });

/**
 * Reads a record: JSON with a `format`.
 * @returns undefined if the file does not exist
 * @throws UserError `STATE_DAMAGED` if the file is invalid, `STATE_TOO_NEW` if a newer dynosim wrote it
 */
export function readRecord<T>(file: string, shape: Shape<T>): T | undefined {
  const text = orDamaged(file, () => readIfThere(file));
  if (text === undefined) return undefined;
  const value: unknown = orDamaged(file, () => JSON.parse(text));
  const { format } = orDamaged(file, () => ANY_RECORD(value, basename(file)));
  if (format > FORMAT)
    throw new UserError(
      'STATE_TOO_NEW',
      `${file} was written by a newer dynosim`,
      'Install that version of dynosim.',
    );
  return orDamaged(file, () => shape(value, basename(file)));
}

/**
 * Writes a record. Resolves when it is on disk.
 * @throws UserError `STATE_UNUSABLE`; the file is then unchanged
 */
export async function writeRecord(file: string, record: object): Promise<void> {
  try {
    await saveFile(file, `${JSON.stringify({ format: FORMAT, ...record }, undefined, 2)}\n`);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** The error if the state cannot be written, usually because the disk is full. */
export function unusable(path: string, error: unknown): UserError {
  const hint = isDiskFull(error) ? FREE_SPACE : undefined;
  return new UserError('STATE_UNUSABLE', `Cannot write ${path}: ${errorMessage(error)}`, hint);
}

function orDamaged<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UserError(
      'STATE_DAMAGED',
      `${file} is damaged (${errorMessage(error)})`,
      `Restore it from a backup, or move ${dirname(file)} away to go on without it.`,
    );
  }
}
