import { dirname, resolve } from 'node:path';
import type { Clock } from '../../base/clock.js';
import type { RealTimeouts } from '../../base/limits.js';
import type { Programs } from '../../base/process.js';
import type { TestAppOptions } from '../../testing/options.js';
import { startTestApp, type TestProcess } from '../../testing/start.js';
import type { Subject } from '../subject.js';
import { copyApp } from './copy.js';
import { Patient } from './patient.js';
import { takeSnapshot } from './written.js';

/** How the app is run. */
export interface Conditions {
  /** What to ask the app for: `/health`. */
  readonly path: string;
  /** How long without requests until it sleeps: platform time, ms. */
  readonly sleepAfterMs: number;
  /** Real time, ms. */
  readonly timeouts: Pick<RealTimeouts, 'boot' | 'shutdown' | 'request'>;
  /** In place of what the dynos' sizes allow, bytes. */
  readonly memoryQuota: number | undefined;
  /** Whether the release command may run. */
  readonly runsRelease: boolean;
}

/** What trials need of the machine. */
export interface TrialWorld {
  /** The environment of the app's dynos, in addition to their config vars. */
  readonly env: NodeJS.ProcessEnv;
  readonly settings: TestProcess['settings'];
  /** The folder for temporary ones. */
  readonly tmp: string;
  /** Real time. */
  readonly clock: Clock;
  readonly programs: Programs;
  /** Aborted when the user stops the examination. */
  readonly signal: AbortSignal;
}

/** All runs of an app, each in a throw-away copy of its folder. */
export class Patients {
  readonly #subject: Subject;
  readonly #conditions: Conditions;
  readonly #world: TrialWorld;
  readonly #opening = new Set<Promise<Patient>>();
  /** All that were opened. */
  readonly #opened = new Set<Patient>();

  constructor(subject: Subject, conditions: Conditions, world: TrialWorld) {
    this.#subject = subject;
    this.#conditions = conditions;
    this.#world = world;
  }

  /** Starts the app in a copy of its own. */
  async open(options: Partial<TestAppOptions>): Promise<Patient> {
    const opening = this.#open(options);
    this.#opening.add(opening);
    try {
      const patient = await opening;
      this.#opened.add(patient);
      return patient;
    } finally {
      this.#opening.delete(opening);
    }
  }

  async #open(options: Partial<TestAppOptions>): Promise<Patient> {
    const [subject, conditions] = [this.#subject, this.#conditions];
    const { programs, tmp, clock, env, settings, signal } = this.#world;
    const { envFiles, formation } = subject;
    const { sleepAfterMs, timeouts, memoryQuota } = conditions;
    const copy = await copyApp(subject.dir, tmp, programs, signal);
    try {
      const snapshot = await takeSnapshot(copy.dir);
      const app = await startTestApp(
        {
          dir: copy.dir,
          procfile: subject.procfile,
          ...(envFiles.length > 0 && { envFiles: envFiles.map((file) => resolve(subject.dir, file)) }),
          formation: quantitiesOf(subject),
          size: Object.fromEntries(Array.from(formation, ([type, { size }]) => [type, size])),
          sleepAfter: sleepAfterMs,
          timeouts,
          ...(memoryQuota !== undefined && { memoryQuota }),
          // What Python compiles is no output of the app, and would even get into a virtual environment of the app's own.
          env: { PYTHONPYCACHEPREFIX: `${dirname(copy.dir)}/.pycache` },
          waitFor: 'nothing',
          signal,
          ...options,
        } satisfies TestAppOptions,
        { env, settings, stdout: process.stdout },
      );
      return new Patient({ copy, app, snapshot, clock });
    } catch (error) {
      await copy.remove();
      throw error;
    }
  }

  /** Stops what runs, and removes what is left. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opening);
    await Promise.all(Array.from(this.#opened, (patient) => patient.end()));
  }
}

/** How many dynos there are of each type. */
export function quantitiesOf({ formation }: Subject): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from(formation, ([type, { quantity }]) => [type, quantity]));
}
