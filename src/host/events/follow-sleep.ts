import type { App } from '../../apps/app.js';
import type { Time } from '../../base/clock.js';
import type { Push } from './feed.js';
import { all } from './stops.js';

/** How often to look at when the app will fall asleep, which moves with each request. Real time. */
const LOOK_MS = 1000;
/** The two clocks differ by fractions of milliseconds. */
const SAME_MS = 500;

/** Pushes whether an app sleeps and when it will, then what changes. The result ends that. */
export function followSleep({ name, sleep: { sleeper } }: App, { real }: Time, push: Push): () => void {
  let last = sleeper.view();
  const say = (): void => {
    last = sleeper.view();
    push({ event: 'sleep', app: name, ...last });
  };
  const look = (): void => {
    cancel = real.after(LOOK_MS, look);
    const { sleepsAt, ...rest } = sleeper.view();
    const { sleepsAt: before, ...restBefore } = last;
    const hasMoved =
      sleepsAt === undefined || before === undefined
        ? sleepsAt !== before
        : Math.abs(sleepsAt - before) > SAME_MS;
    if (hasMoved || JSON.stringify(rest) !== JSON.stringify(restBefore)) say();
  };
  let cancel = real.after(LOOK_MS, look);
  say();
  return all(sleeper.onChange(say), () => cancel());
}
