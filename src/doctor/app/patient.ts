import { type Clock, pause } from '../../base/clock.js';
import { listenerOn } from '../../dynos/proc.js';
import type { TestApp } from '../../testing/test-app.js';
import { CannotTell } from '../question.js';
import type { Copy } from './copy.js';
import type { LogEntries } from './log.js';
import { MemoryWatch } from './memory-watch.js';
import { ask, type Listener, type Reply, type Request } from './request.js';
import { type takeSnapshot, type Written, writtenSince } from './written.js';

/** What is left of a patient when it has stopped. */
export interface Remains {
  /** Its whole log. */
  readonly logs: LogEntries;
  /** Index of the first entry of the log that was written after it was asked to stop. */
  readonly stop: number;
  readonly written: readonly Written[];
}

export interface PatientParts {
  readonly copy: Copy;
  readonly app: TestApp;
  readonly snapshot: Awaited<ReturnType<typeof takeSnapshot>>;
  readonly clock: Clock;
}

/** A throw-away copy of an app's folder, and the app that runs in it. */
export class Patient {
  readonly app: TestApp;
  readonly memory: MemoryWatch;
  readonly #parts: PatientParts;
  #requests = 0;
  #isDisturbed = false;
  #ending: Promise<Remains> | undefined;

  constructor(parts: PatientParts) {
    this.#parts = parts;
    this.app = parts.app;
    this.memory = new MemoryWatch(parts.app, parts.clock);
  }

  /** How many requests its dynos have got since they were disturbed. */
  get requests(): number {
    return this.#requests;
  }

  /** Whether its dynos still run as they were started. */
  get isUndisturbed(): boolean {
    return !this.#isDisturbed;
  }

  /** Does something to its dynos after which their output may be that of several runs. */
  async disturb<T>(act: (patient: this) => Promise<T>): Promise<T> {
    this.#isDisturbed = true;
    return act(this);
  }

  /**
   * Starts all dynos again, after the earlier ones have ended.
   * @throws CannotTell if they do not start
   */
  async refresh(formation: Readonly<Record<string, number>>, hasWeb: boolean): Promise<void> {
    await this.app.scale(Object.fromEntries(Object.keys(formation).map((type) => [type, 0])));
    await this.app.settled();
    await this.app.scale(formation);
    if (hasWeb)
      await this.app.up('web').catch(() => {
        throw new CannotTell('It does not start again.');
      });
    this.#isDisturbed = false;
    this.#requests = 0;
  }

  /** A name by which the router finds the app. */
  get host(): string {
    return `localhost:${this.app.port}`;
  }

  /** Asks a dyno, without the router between. */
  async askDyno(dyno: string, request: Request): Promise<Reply> {
    const listener = await this.listenerOf(dyno);
    this.#requests += 1;
    return ask(listener, request, this.#parts.clock);
  }

  /** Asks by the router. */
  askRouter(request: Request): Promise<Reply> {
    this.#requests += 1;
    return ask({ host: '127.0.0.1', port: this.app.port }, request, this.#parts.clock);
  }

  /** @throws CannotTell if it listens nowhere */
  async listenerOf(dyno: string): Promise<Listener & { readonly isLoopback?: boolean }> {
    const { port } = await this.app.dyno(dyno);
    if (port === null) throw new CannotTell(`${dyno} does not run.`);
    return listenerOn(port) ?? { host: '127.0.0.1', port };
  }

  pause(ms: number): Promise<void> {
    return pause(this.#parts.clock, ms);
  }

  /** Stops the app gracefully, and removes the copy. A second call is the same promise. */
  end(): Promise<Remains> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<Remains> {
    const { app, copy, snapshot } = this.#parts;
    this.memory.end();
    try {
      const stop = app.logs.length;
      await app.stop();
      return { logs: app.logs, stop, written: await writtenSince(snapshot, copy.dir) };
    } finally {
      await copy.remove();
    }
  }
}
