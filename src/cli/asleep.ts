import type { AppControl } from '../api/control.js';

/** Whether an app sleeps. */
export async function isAsleep(app: AppControl): Promise<boolean> {
  return (await app.dynos()).some(({ state }) => state === 'idle');
}
