import { type Clock, pause } from '../../base/clock.js';
import { DYNO_SIZES } from '../../base/sizes.js';
import type { TestApp } from '../../testing/test-app.js';

/** How much memory a dyno had. */
export interface MemorySample {
  readonly atMs: number;
  readonly dyno: string;
  /** Of all its processes. Shared pages count once. */
  readonly bytes: number;
  /** What its size or `--memory-quota` allows. */
  readonly quotaBytes: number;
}

const EVERY_MS = 500;

/**
 * Measures the dynos of an app all the time, and kills one that has far more than its size allows, as the platform does.
 * https://devcenter.heroku.com/articles/error-codes#r15-memory-quota-vastly-exceeded
 */
export class MemoryWatch {
  readonly samples: MemorySample[] = [];
  readonly #app: TestApp;
  readonly #clock: Clock;
  #isOver = false;
  #killed: MemorySample | undefined;

  constructor(app: TestApp, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
    void this.#run();
  }

  /** The first dyno that was killed for its memory. */
  get killed(): MemorySample | undefined {
    return this.#killed;
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
