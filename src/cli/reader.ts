import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { errorCode } from '../base/errors.js';

/** Ends the process quietly once something is printed that nobody reads any more: `dynosim logs | head -1`. */
export function endWithReader(): void {
  process.stdout.on('error', (error) => process.exit(errorCode(error) === 'EPIPE' ? 0 : 1));
}

/**
 * Ends the process quietly as soon as nobody reads stdout any more, though nothing is printed: `dynosim logs -t |
 * head -1` of an app that has gone silent. The kernel tells it by poll(2), which Node does not offer for a pipe that
 * is only written to. GNU tail watches its stdout so (https://www.gnu.org/software/coreutils/tail, since 8.28) and
 * dies of SIGPIPE; any other tail changes nothing.
 */
export function watchReader(): void {
  if (process.platform !== 'linux' || !fstatSync(process.stdout.fd).isFIFO()) return;
  const watcher = spawn('tail', [`--pid=${process.pid}`, '-f', '/dev/null'], {
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  watcher
    .on('error', () => {})
    .on('exit', (_status, signal) => {
      if (signal === 'SIGPIPE') process.exit(0);
    })
    .unref();
  process.once('exit', () => watcher.kill('SIGKILL'));
}
