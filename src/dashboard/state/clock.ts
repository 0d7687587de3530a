import type { ClockView } from '../../api/control.js';

/** The date in platform time, ms, at a wall-clock time. */
export function platformTime(clock: ClockView | undefined, wall: number): number {
  return clock ? clock.platform + (wall - clock.wall) * clock.speed : wall;
}
