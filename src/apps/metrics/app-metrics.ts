import { isFromApp, type LogEntry } from '../../logs/entry.js';
import { markOf } from './mark-of.js';
import { Marks } from './marks.js';
import { MemoryMetrics } from './memory-metrics.js';
import { RequestMetrics } from './request-metrics.js';
import type { MetricsView, MetricsWindow } from './views.js';
import { METRICS_WINDOWS } from './windows.js';

/** A dyno that runs now. */
export interface MeasuredDyno {
  /** `web.1` */
  readonly name: string;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly memoryQuota: number | undefined;
}

/** What happened in an app in the last day: requests, memory of dynos, and what explains their changes. */
export class AppMetrics {
  readonly requests = new RequestMetrics();
  readonly memory = new MemoryMetrics();
  readonly marks = new Marks();

  /** Call this with every entry of the app's log. */
  take(entry: LogEntry): void {
    // Nearly all lines, of which there may be millions.
    if (isFromApp(entry)) return;
    const { router, at } = entry;
    if (router) this.requests.add(at, router);
    const mark = markOf(entry);
    if (mark) this.marks.add(mark);
  }

  /** @param now wall-clock ms */
  view(window: MetricsWindow, now: number, dynos: readonly MeasuredDyno[]): MetricsView {
    const { lengthMs, stepMs } = METRICS_WINDOWS[window];
    // The last step is not over.
    const from = Math.floor(now / stepMs) * stepMs + stepMs - lengthMs;
    const measured = this.memory.between(from, now, stepMs);
    const gone = [...measured.keys()]
      .filter((name) => !dynos.some((dyno) => dyno.name === name))
      .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
    return {
      window,
      from,
      until: now,
      stepMs,
      ...this.requests.between(from, now, stepMs),
      dynos: [
        ...dynos,
        ...gone.map((name): MeasuredDyno => ({ name, memory: undefined, memoryQuota: undefined })),
      ].map(({ name, memory, memoryQuota }) => ({
        dyno: name,
        memory: memory ?? null,
        memoryQuota: memoryQuota ?? null,
        points: measured.get(name) ?? [],
      })),
      marks: this.marks.since(from),
    };
  }
}
