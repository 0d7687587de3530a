import { isAlive } from '../api/client/discovery.js';
import { pause, systemClock } from '../base/clock.js';
import type { Connection } from './connect.js';

const LOOK_EVERY_MS = 20;

/** Asks a dynosim to end, and resolves when its process is gone: then nothing of its dynos is left either. */
export async function stopAndWait({ host, runtime }: Connection): Promise<void> {
  await host.stop();
  while (isAlive(runtime.pid)) await pause(systemClock, LOOK_EVERY_MS);
}
