import type { Clock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import type { TestAppOptions } from '../../testing/options.js';
import { CannotTell } from '../question.js';
import type { Subject } from '../subject.js';
import type { Circumstances } from './blame.js';
import { CANNOT_COPY } from './copy.js';
import type { LogEntries } from './log.js';
import type { MemoryUse } from './memory-watch.js';
import { type Boot, observeBoot, observeEnd } from './observe-boot.js';
import type { Patient, Remains } from './patient.js';
import { type Conditions, Patients, quantitiesOf, type TrialWorld } from './patients.js';
import type { Reply, Request } from './request.js';
import { lastReply, type Visit, visit } from './visit.js';
import type { Written } from './written.js';

/** An app under trial. All questions share it, so it is started when the first one needs it. */
export class Trial {
  readonly subject: Subject;
  readonly conditions: Conditions;
  readonly #world: TrialWorld;
  #patient: Patient | undefined;
  #boot: Promise<Boot> | undefined;
  #ending: Promise<Remains> | undefined;
  readonly #visits: { http?: Promise<Visit>; https?: Promise<Visit> } = {};
  readonly #remains: Remains[] = [];
  readonly #patients: Patients;
  #killed: MemoryUse | undefined;

  constructor(subject: Subject, conditions: Conditions, world: TrialWorld) {
    this.subject = subject;
    this.conditions = conditions;
    this.#world = world;
    this.#patients = new Patients(subject, conditions, world);
  }

  /** Whether there is a web dyno. */
  get hasWeb(): boolean {
    return (this.subject.formation.get('web')?.quantity ?? 0) > 0;
  }

  /** Everything that the app has logged so far. */
  get logs(): LogEntries {
    return [...this.#remains.flatMap(({ logs }) => logs), ...(this.#patient?.app.logs ?? [])];
  }

  /** The first dyno that was killed for its memory, so far. */
  get killed(): MemoryUse | undefined {
    return this.#killed ?? this.#patient?.memory.killed;
  }

  get clock(): Clock {
    return this.#world.clock;
  }

  commandOf(type: string): string | undefined {
    return this.subject.report.processes.find((one) => one.type === type)?.command;
  }

  /** Starts the app for the first time. */
  boot(): Promise<Boot> {
    this.#boot ??= this.#firstStart();
    return this.#boot;
  }

  /** An app is up when it listens, unless its first request shows that it ends nevertheless. */
  async #firstStart(): Promise<Boot> {
    const { clock } = this;
    const begin = clock.now();
    const boot = await this.#start();
    const patient = this.#patient;
    if (boot.at !== 'up' || !patient) return boot;
    const livedMs = clock.now() - begin;
    const seen = await this.#visitOf(patient, 'http').catch(() => undefined);
    if (seen && lastReply(seen).at !== 'cut') {
      this.#visits.http = Promise.resolve(seen);
      return boot;
    }
    return (await observeEnd(patient.app, livedMs, clock)) ?? boot;
  }

  /** What may explain a start that has failed. */
  circumstances(): Circumstances {
    const { killed } = this;
    const { configVars } = this.subject;
    return { isSet: (name) => configVars.has(name) || this.#world.env[name] !== undefined, killed };
  }

  /**
   * The running app. If it has not survived an earlier question, it is a new one in a new copy.
   * @throws CannotTell if the app does not run
   */
  async patient(): Promise<Patient> {
    if (!isUp(await this.boot())) throw new CannotTell('The app does not run.');
    if (this.killed) throw new CannotTell('The app takes too much memory to be kept running.');
    if (this.#patient && (await this.#isWell(this.#patient))) return this.#patient;
    return this.renew();
  }

  /**
   * Ends the app, and starts it in a new copy: each start of a dyno has a fresh disk.
   * @throws CannotTell if it does not start
   */
  async renew(): Promise<Patient> {
    await this.#retire();
    const boot = await this.#start();
    if (isUp(boot) && this.#patient) return this.#patient;
    throw new CannotTell('The app started once, but not a second time.');
  }

  /** As `patient`, with a web dyno. */
  async webPatient(): Promise<Patient> {
    if (!this.hasWeb) throw new CannotTell('There is no process type web.');
    return this.patient();
  }

  /** Visits the app as a browser would, over http or https. */
  visit(protocol: Request['protocol']): Promise<Visit> {
    this.#visits[protocol] ??= this.webPatient().then((patient) => this.#visitOf(patient, protocol));
    return this.#visits[protocol];
  }

  #visitOf(patient: Patient, protocol: Request['protocol']): Promise<Visit> {
    const ask = (by: Request['protocol'], path: string) =>
      patient.askDyno('web.1', this.request(patient, { path, protocol: by }));
    return visit(ask, patient.host, protocol, this.conditions.path);
  }

  /** Lets the app do what it does for a few requests, and stops it. */
  end(): Promise<Remains> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** What the app has written to its folder so far, without what it still writes. */
  get written(): readonly Written[] {
    return this.#remains.flatMap(({ written }) => written);
  }

  /** Stops what runs, and removes what is left. */
  close(): Promise<void> {
    return this.#patients.close();
  }

  /** Starts another app, in a copy of its own. Its caller ends it. */
  open(options: Partial<TestAppOptions>): Promise<Patient> {
    return this.#patients.open(options);
  }

  async #start(): Promise<Boot> {
    const { clock, signal } = this.#world;
    try {
      this.#patient = await this.open({});
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError) || error.code === CANNOT_COPY) throw error;
      const [reason = ''] = error.message.split('\n');
      return { at: 'refused', reason };
    }
    return observeBoot(this.#patient.app, this.hasWeb, this.conditions.timeouts.boot, clock);
  }

  async #isWell({ app }: Patient): Promise<boolean> {
    if (!this.hasWeb) return true;
    await app.settled();
    const { state } = await app.dyno('web.1');
    if (state === 'idle') await app.wake();
    return app.up('web').then(
      () => true,
      () => false,
    );
  }

  async #end(): Promise<Remains> {
    const patient = await this.patient();
    if (!patient.isUndisturbed) await patient.refresh(quantitiesOf(this.subject), this.hasWeb);
    await this.#exercise(patient);
    const remains = await this.#retire();
    if (remains) return remains;
    throw new CannotTell('The app does not run.');
  }

  /** Requests enough of an app to show what it writes and prints. */
  async #exercise(patient: Patient): Promise<void> {
    if (!this.hasWeb) return patient.pause(EXERCISE_MS);
    const { clock } = this;
    const end = clock.now() + EXERCISE_MS;
    while (patient.requests < ENOUGH_REQUESTS && clock.now() < end)
      await this.askWeb(patient, { limitMs: end - clock.now() });
  }

  /** Asks the first web dyno for the path, as over http. */
  askWeb(patient: Patient, limits: Partial<Pick<Request, 'limitMs' | 'bodyMs'>> = {}): Promise<Reply> {
    return patient.askDyno('web.1', this.request(patient, limits));
  }

  /** A request for the path, as over http, unless it says otherwise. */
  request(patient: Patient, more: Partial<Request> = {}): Request {
    const { path, timeouts } = this.conditions;
    return { path, host: patient.host, protocol: 'http', limitMs: timeouts.request, ...more };
  }

  async #retire(): Promise<Remains | undefined> {
    const patient = this.#patient;
    this.#patient = undefined;
    if (!patient) return undefined;
    this.#killed ??= patient.memory.killed;
    const remains = await patient.end();
    this.#remains.push(remains);
    return remains;
  }
}

/** As many requests as show what an app does for each. */
const ENOUGH_REQUESTS = 10;

/** How long they may take, and how long an app without a web type is watched. */
const EXERCISE_MS = 3000;

function isUp({ at }: Boot): boolean {
  return at === 'up' || at === 'started';
}
