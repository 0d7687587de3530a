import { randomUUID } from 'node:crypto';
import type { Cancel, Clock } from '../../base/clock.js';
import { inOneLine, UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';
import type { AddonRecord, JobRecord } from '../records.js';
import type { NewJob } from '../requests.js';
import type { AddonStore } from '../store.js';
import type { AddonApp, AddonsWorld, JobRun } from '../world.js';
import type { JobView, SchedulerControl } from './control.js';
import { checkSchedule, INTERVALS_MS, nextDue } from './schedule.js';

/** The user that the log names. */
const USER = 'scheduler@addons.heroku.com';

/** How long `clock:advance` waits for a job to end before time moves on: real ms. */
const PATIENCE_MS = 10_000;

/** How often the date is compared with the timer, which stands still while the machine sleeps: real ms. */
const LOOK_AGAIN_MS = 60_000;

export interface SchedulerOptions {
  readonly world: Pick<AddonsWorld, 'time' | 'app' | 'appNamed' | 'onBug'>;
  readonly store: AddonStore;
}

/**
 * Runs jobs in one-off dynos, on platform time. While there are no jobs it has no timer.
 * https://devcenter.heroku.com/articles/scheduler
 */
export class Scheduler implements SchedulerControl {
  readonly #world: SchedulerOptions['world'];
  readonly #store: AddonStore;
  /** When each job is due next, by its ID. */
  readonly #due = new Map<string, number>();
  /** Ends the run of a job, by the job's ID. */
  readonly #ends = new Map<string, () => void>();
  /** Each resolves when a run has ended, or has taken longer than `clock:advance` waits. */
  readonly #settling = new Set<Promise<void>>();
  #disarm: Cancel = () => {};
  #isClosed = false;

  constructor({ world, store }: SchedulerOptions) {
    this.#world = world;
    this.#store = store;
  }

  async jobs(app: string): Promise<readonly JobView[]> {
    const addon = this.#addonOf(app);
    return this.#store.jobs.filter((job) => job.addon === addon.id).map((job) => this.#view(job));
  }

  async add({ app, command, ...schedule }: NewJob): Promise<JobView> {
    const addon = this.#addonOf(app);
    if (command.trim() === '') throw new UserError('BAD_COMMAND', 'A job needs a command');
    const job = {
      id: randomUUID().slice(0, 8),
      addon: addon.id,
      command,
      ...checkSchedule(schedule),
    };
    await this.#store.update(({ jobs }) => {
      // It may have been destroyed in the meantime.
      this.#addonOf(app);
      return { jobs: [...jobs, job] };
    });
    this.review();
    return this.#view(job);
  }

  async remove(app: string, wanted: string): Promise<JobView> {
    const addon = this.#addonOf(app);
    const job = this.#store.jobs.find(({ id, addon: of }) => id === wanted && of === addon.id);
    if (!job)
      throw new UserError('NO_SUCH_JOB', `${app} has no job ${quote(wanted)}`, 'See: dynosim scheduler');
    const view = this.#view(job);
    await this.#store.update(({ jobs }) => ({ jobs: jobs.filter(({ id }) => id !== job.id) }));
    this.review();
    return view;
  }

  /** Follows the jobs in the store. Those that were due before the start of dynosim are not made up for. */
  review(): void {
    if (this.#isClosed) return;
    const now = this.#date();
    for (const id of this.#due.keys())
      if (!this.#store.jobs.some((job) => job.id === id)) this.#due.delete(id);
    for (const job of this.#store.jobs) if (!this.#due.has(job.id)) this.#due.set(job.id, nextDue(job, now));
    this.#arm();
  }

  /** Resolves when every run that began a moment ago has ended. */
  async settled(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling);
  }

  /** The runs end with the dynos of their app. */
  close(): void {
    this.#isClosed = true;
    this.#disarm();
  }

  /** @throws UserError `NO_SCHEDULER` */
  #addonOf(app: string): AddonRecord {
    const { id } = this.#world.appNamed(app);
    const found = this.#store.addons.find(
      ({ service, app: owner, state }) =>
        service === 'scheduler' && owner === id && state !== 'deprovisioning',
    );
    if (found) return found;
    const remedy = 'Add it: dynosim addons:create scheduler:standard';
    throw new UserError('NO_SCHEDULER', `${app} has no scheduler add-on`, remedy);
  }

  #view({ id, command, every, at }: JobRecord): JobView {
    const job = { every, at };
    return { id, command, ...job, nextAt: this.#due.get(id) ?? nextDue(job, this.#date()) };
  }

  #arm(): void {
    this.#disarm();
    if (this.#due.size === 0) return;
    const { platform, real } = this.#world.time;
    const soonest = Math.min(...this.#due.values());
    const cancels = [
      platform.after(Math.max(0, soonest - this.#date()), () => this.#runDue()),
      real.after(LOOK_AGAIN_MS, () => this.#runDue()),
    ];
    this.#disarm = () => {
      for (const cancel of cancels) cancel();
    };
  }

  #runDue(): void {
    const now = this.#date();
    for (const job of this.#store.jobs) {
      if ((this.#due.get(job.id) ?? Number.POSITIVE_INFINITY) > now) continue;
      this.#due.set(job.id, nextDue(job, now));
      const app = this.#world.app(this.#store.find(job.addon)?.app ?? '');
      if (app) this.#run(job, app);
    }
    this.#arm();
  }

  #run({ id, command, every }: JobRecord, app: AddonApp): void {
    const { platform, real } = this.#world.time;
    // "A dyno started by scheduler will not run longer than its scheduling interval."
    this.#ends.get(id)?.();
    let run: JobRun;
    try {
      run = app.runJob(command, USER);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      app.remark(`The job \`${command}\` was not run: ${inOneLine(error.message, error.hint)}`);
      return;
    }
    const forget = (): void => {
      cancelLimit();
      if (this.#ends.get(id) === end) this.#ends.delete(id);
    };
    const end = (): void => {
      forget();
      run.stop();
    };
    const cancelLimit = platform.after(INTERVALS_MS[every], end);
    this.#ends.set(id, end);
    const ended = run.exited.then(forget);
    const settling = orAfter(ended, real, PATIENCE_MS).finally(() => this.#settling.delete(settling));
    this.#settling.add(settling);
  }

  /** In platform time. */
  #date(): number {
    const { platform, wall } = this.#world.time;
    return wall() + platform.aheadMs;
  }
}

/** Resolves when something has ended, or some time later. */
function orAfter(ended: Promise<unknown>, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    void ended.then(() => {
      cancel();
      resolve();
    });
  });
}
