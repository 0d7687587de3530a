import type { App } from '../../apps/app.js';
import type { Mark } from '../../apps/metrics/views.js';
import type { Time } from '../../base/clock.js';
import type { Push } from './feed.js';
import { all } from './stops.js';

/** Real time. */
const SECOND_MS = 1000;

/** A second is over when the requests that ended in it have been counted, even if the wall clock was set a little. */
const SETTLED_MS = 100;

/** How many seconds to make up for after this process, or its machine, was stopped. */
const MOST_SECONDS = 300;

/**
 * Pushes an app's last second, then each second with requests, or in which memory was measured. While somebody follows
 * it, its memory is measured. The result ends that.
 */
export function followMetrics(app: App, { real, wall }: Time, push: Push): () => void {
  let memoryBefore = '';
  const say = (at: number, isFirst: boolean): void => {
    const memory = memoryOf(app);
    const text = JSON.stringify(memory);
    const second = app.metrics.requests.ofSecond(at);
    if (!isFirst && second.requests === 0 && text === memoryBefore) return;
    memoryBefore = text;
    push({ event: 'metrics', app: app.name, ...second, memory });
  };
  const lastSecond = (): number => Math.floor((wall() - SETTLED_MS) / SECOND_MS) * SECOND_MS - SECOND_MS;
  let said = lastSecond();
  const look = (): void => {
    cancel = real.after(SECOND_MS, look);
    app.dynos.measure();
    const last = lastSecond();
    if (last < said) said = last;
    for (let at = Math.max(said + SECOND_MS, last - MOST_SECONDS * SECOND_MS); at <= last; at += SECOND_MS)
      say(at, false);
    said = Math.max(said, last);
  };
  let cancel = real.after(SECOND_MS, look);
  app.dynos.measure();
  say(said, true);
  return () => cancel();
}

/** Bytes by dyno, as measured last. */
function memoryOf({ metrics, dynos }: App): Readonly<Record<string, number>> {
  return Object.fromEntries(
    dynos.running.flatMap(({ name }) => {
      const bytes = metrics.memory.latest(name);
      return bytes === undefined ? [] : [[name, bytes]];
    }),
  );
}

/** Pushes the marks of the last hour, then new ones, and those whose count grows. The result ends that. */
export function followMarks({ name, metrics: { marks } }: App, { real, wall }: Time, push: Push): () => void {
  const say = (mark: Mark): void => push({ event: 'mark', app: name, ...mark });
  for (const mark of marks.since(wall() - HOUR_MS)) say(mark);
  const grown = new Set<Mark>();
  let cancel = (): void => {};
  const sayGrown = (): void => {
    for (const mark of grown) say(mark);
    grown.clear();
  };
  const unsubscribe = marks.onChange((mark) => {
    if (mark.count === 1) return say(mark);
    if (grown.size === 0) cancel = real.after(SECOND_MS, sayGrown);
    grown.add(mark);
  });
  return all(unsubscribe, () => cancel());
}

const HOUR_MS = 3600 * SECOND_MS;
