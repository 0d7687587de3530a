import { readFileSync } from 'node:fs';
import type { AppClient } from '../control/app-client.js';
import { pause } from './pause.js';

const LOOK_EVERY_MS = 20;

/** Asks a dynosim to end, and resolves when its process is gone: then nothing of its dynos is left either. */
export async function stopAndWait(app: AppClient): Promise<void> {
  await app.stopHost();
  while (isAlive(app.runtime.pid)) await pause(LOOK_EVERY_MS);
}

/** A process that has ended, but whose parent has not noticed, is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
