import type { ClockView } from '../../api/control.js';
import type { Time } from '../../base/clock.js';
import type { Push } from './feed.js';
import { all } from './stops.js';

/** A host's clocks. */
export interface FollowedClock {
  readonly time: Time;
  readonly clock: ClockView;
  /** Called when platform time has been moved forward. The result unsubscribes. */
  onClock(listener: () => void): () => void;
}

/** How often to compare the clocks: real time. */
const LOOK_MS = 1000;
/** How far apart a reader's idea of platform time may be, in ms of real time. */
const SAME_MS = 500;

/**
 * Pushes the clock, and pushes it again when platform time was moved forward, or no longer is what a reader computes: the
 * machine was suspended, or its date was set. The result ends that.
 */
export function followClock(host: FollowedClock, push: Push): () => void {
  let last = host.clock;
  const say = (): void => {
    last = host.clock;
    push({ event: 'clock', ...last });
  };
  const look = (): void => {
    cancel = host.time.real.after(LOOK_MS, look);
    const { wall, platform, speed } = host.clock;
    const computed = last.platform + (wall - last.wall) * speed;
    if (Math.abs(platform - computed) > SAME_MS * speed) say();
  };
  let cancel = host.time.real.after(LOOK_MS, look);
  say();
  return all(host.onClock(say), () => cancel());
}
