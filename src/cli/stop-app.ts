import type { AppClient } from '../api/client/app-client.js';
import { isAlive } from '../api/client/discovery.js';
import { pause, systemClock } from '../base/clock.js';

const LOOK_EVERY_MS = 20;

/** Asks a dynosim to end, and resolves when its process is gone: then nothing of its dynos is left either. */
export async function stopAndWait(app: AppClient): Promise<void> {
  await app.stopHost();
  while (isAlive(app.runtime.pid)) await pause(systemClock, LOOK_EVERY_MS);
}
