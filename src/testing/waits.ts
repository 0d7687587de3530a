import type { HostControl } from '../api/control.js';
import { type DynoTarget, isIn } from '../apps/requests.js';
import type { DynoView } from '../apps/views.js';
import { UserError } from '../base/errors.js';
import { isOneOffName } from '../logs/entry.js';

type Events = Pick<HostControl, 'events'>;

/**
 * Resolves when these dynos of the formation are up.
 * @param signal aborted when the app stops
 * @throws UserError `DYNO_CRASHED`, `ASLEEP`, `STOPPED`
 */
export async function untilUp(host: Events, target: DynoTarget, signal: AbortSignal): Promise<void> {
  const states = new Map<string, DynoView['state']>();
  let isCurrent = false;
  for await (const event of host.events(signal)) {
    if (event.event === 'current') isCurrent = true;
    else if (event.event !== 'dyno') continue;
    else if (event.state === 'gone') states.delete(event.name);
    else if (!isOneOffName(event.name) && isIn(target, event)) {
      refuse(event.name, event.state);
      states.set(event.name, event.state);
    }
    if (isCurrent && [...states.values()].every((state) => state === 'up')) return;
  }
  throw stopped();
}

/** @throws UserError `DYNO_CRASHED`, `ASLEEP` if a dyno will not be up by itself */
function refuse(dyno: string, state: DynoView['state']): void {
  if (state === 'crashed') {
    const hint = `It restarts when its cool-off is over, or now with restart('${dyno}').`;
    throw new UserError('DYNO_CRASHED', `${dyno} has crashed`, hint);
  }
  if (state === 'idle')
    throw new UserError('ASLEEP', `${dyno} is idle, because the app sleeps`, 'A request or wake() wakes it.');
}

/**
 * Resolves when a condition is true, which is checked after every change of the app.
 * @throws UserError `STOPPED`
 */
export async function until(
  host: Events,
  isTrue: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  for await (const _ of host.events(signal)) if (await isTrue()) return;
  throw stopped();
}

/** The app no longer runs. */
export function stopped(): UserError {
  return new UserError('STOPPED', 'The app was stopped');
}
