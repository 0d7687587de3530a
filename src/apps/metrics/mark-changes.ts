import type { Releases } from '../releases.js';
import { describeWake } from '../sleep/describe-wake.js';
import type { Sleeper } from '../sleep/sleeper.js';
import type { Wake } from '../sleep/wakes.js';
import type { Marks } from './marks.js';
import type { Mark } from './views.js';

export interface MarkedApp {
  readonly sleeper: Pick<Sleeper, 'history' | 'onChange'>;
  readonly releases: Pick<Releases, 'hasRun' | 'current' | 'onChange'>;
  /** Wall-clock ms. */
  wall(): number;
}

/** Marks when an app falls asleep, and when a release becomes the current one. */
export function markChanges(marks: Pick<Marks, 'add'>, { sleeper, releases, wall }: MarkedApp): void {
  sleeper.onChange(() => {
    const { state, at } = sleeper.history.latest;
    if (state === 'asleep') marks.add({ at, kind: 'sleep', text: 'asleep', dyno: null });
  });
  let marked = releases.hasRun ? releases.current : undefined;
  releases.onChange(() => {
    if (!releases.hasRun || releases.current === marked) return;
    marked = releases.current;
    const text = `v${marked.version} ${marked.description}`;
    marks.add({ at: wall(), kind: 'release', text, dyno: null });
  });
}

/** The mark of a wake that is over, at the time at which it began. */
export function wakeMark(wake: Wake): Omit<Mark, 'count'> {
  return { at: wake.at, kind: 'wake', text: describeWake(wake), dyno: null };
}
