import { errorCode } from '../base/errors.js';

/** Ends the process quietly once something is printed that nobody reads any more: `dynosim logs | head -1`. */
export function endWithReader(): void {
  process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? 0 : 1));
}
