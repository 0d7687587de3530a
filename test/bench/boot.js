import { setTimeout as pause } from 'node:timers/promises';
import { accepts, freePort } from './ports.js';

/** How long a command takes by itself until it accepts a connection, ms. */
export async function bootBare(bench, folder, command) {
  const port = await freePort();
  const startedAt = performance.now();
  const subject = bench.run(['bash', '-c', `PORT=${port} ${command}`], folder);
  try {
    while (!(await accepts(port))) await pause(1);
    return performance.now() - startedAt;
  } finally {
    await subject.end();
  }
}
