import { writeFileSync } from 'node:fs';
import { errorMessage, UserError } from '../base/errors.js';

/**
 * Writes a file that the user asked for, in place of any that is there.
 * @param file as the user named it, relative to the current folder
 * @throws UserError `REPORT_NOT_WRITTEN`
 */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(
      'REPORT_NOT_WRITTEN',
      `${file} cannot be written: ${errorMessage(error)}`,
      'Name a file in a folder that exists and that you can write to.',
    );
  }
}
