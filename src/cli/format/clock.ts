import type { ClockView } from '../../api/control.js';
import type { DynoView } from '../../apps/views.js';
import { formatDuration } from '../../base/duration.js';

/** `Platform time runs 60 times as fast as real time and was moved forward by 31m.` */
export function describeClock({ speed, skippedMs }: Pick<ClockView, 'speed' | 'skippedMs'>): string {
  const pace = speed === 1 ? 'as fast as' : `${speed} times as fast as`;
  const ahead = skippedMs === 0 ? '' : ` and was moved forward by ${formatDuration(skippedMs)}`;
  return `Platform time runs ${pace} real time${ahead}.`;
}

/** The changes of dynos in between, a line each. */
export function describeDynoChanges(
  before: readonly DynoView[],
  after: readonly DynoView[],
): readonly string[] {
  const earlier = new Map(before.map((dyno) => [dyno.name, dyno]));
  const gone = before.filter(({ name }) => !after.some((dyno) => dyno.name === name));
  return [
    ...after.flatMap((dyno) => describeChange(earlier.get(dyno.name), dyno)),
    ...gone.map(({ name }) => `${name}: gone`),
  ];
}

function describeChange(before: DynoView | undefined, { name, state, id }: DynoView): readonly string[] {
  if (!before) return [`${name}: new, ${state}`];
  if (before.state !== state) return [`${name}: ${state}, was ${before.state}`];
  return before.id === id ? [] : [`${name}: ${state}, started anew`];
}
