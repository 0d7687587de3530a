import { MB } from '../../base/bytes.js';
import { type Clock, pause } from '../../base/clock.js';
import { DYNO_SIZES } from '../../base/sizes.js';
import type { TestApp } from '../../testing/test-app.js';
import type { LogEntries } from './log.js';

/** A dyno's memory, and its limit. */
export interface MemoryUse {
  readonly dyno: string;
  /** Of all its processes. Shared pages count once. */
  readonly bytes: number;
  /** What its size or `--memory-quota` allows. */
  readonly quotaBytes: number;
}

export interface MemorySample extends MemoryUse {
  readonly atMs: number;
}

const EVERY_MS = 500;

/**
 * Measures the dynos of an app all the time, and kills one that has far more than its size allows. The platform does so,
 * too, but looks every 20 seconds only: a dyno could take all memory of the machine before.
 * https://devcenter.heroku.com/articles/error-codes#r15-memory-quota-vastly-exceeded
 */
export class MemoryWatch {
  readonly samples: MemorySample[] = [];
  readonly #app: TestApp;
  readonly #clock: Clock;
  #isOver = false;
  #killed: MemoryUse | undefined;

  constructor(app: TestApp, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
    void this.#run();
  }

  /** A dyno that was killed for its memory, here or by the platform. */
  get killed(): MemoryUse | undefined {
    return this.#killed ?? killedIn(this.#app.logs);
  }

  end(): void {
    this.#isOver = true;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      // The app may stop meanwhile.
      await this.#measure().catch(() => {});
      await pause(this.#clock, EVERY_MS);
    }
  }

  async #measure(): Promise<void> {
    for (const { name, size, memory, memoryQuota } of await this.#app.dynos()) {
      if (memory === null || memoryQuota === null) continue;
      const quotaBytes = memoryQuota;
      const sample = { atMs: this.#clock.now(), dyno: name, bytes: memory, quotaBytes };
      this.samples.push(sample);
      if (memory <= quotaBytes * DYNO_SIZES[size].r15Factor) continue;
      this.#killed ??= sample;
      await this.#app.kill(name);
    }
  }
}

/** The first dyno that the platform has killed for its memory. */
export function killedIn(logs: LogEntries): MemoryUse | undefined {
  const end = logs.findIndex(({ source, line }) => source === 'heroku' && line.startsWith('Error R15'));
  const dyno = logs[end]?.dyno;
  const measured = logs
    .slice(0, Math.max(end, 0))
    .findLast((entry) => entry.dyno === dyno && MEASURED.test(entry.line));
  const [, mb, percent] = MEASURED.exec(measured?.line ?? '') ?? [];
  if (dyno === undefined || mb === undefined) return undefined;
  const bytes = Number(mb) * MB;
  return { dyno, bytes, quotaBytes: (bytes / Number(percent)) * 100 };
}

const MEASURED = /^Process running mem=(\d+)M\(([\d.]+)%\)$/;
