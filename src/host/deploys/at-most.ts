import { UserError } from '../../base/errors.js';
import { formatBytes } from '../../build/lines.js';

/**
 * Passes a stream on until it becomes too long: for `pipeline`.
 * @throws UserError `ARCHIVE_TOO_LARGE`
 */
export function atMost(bytes: number) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let left = bytes;
    for await (const chunk of chunks) {
      left -= chunk.length;
      if (left < 0)
        throw new UserError(
          'ARCHIVE_TOO_LARGE',
          `The archive has more than ${formatBytes(bytes)}: leave out what the app does not need`,
        );
      yield chunk;
    }
  };
}
