import { randomUUID } from 'node:crypto';
import { inOneLine, UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';
import type { AddonRecord, JobRecord } from '../records.js';
import type { NewJob } from '../requests.js';
import type { AddonStore } from '../store.js';
import { Timetable } from '../timetable.js';
import type { AddonApp, AddonsWorld, JobRun } from '../world.js';
import type { JobView, SchedulerControl } from './control.js';
import { checkSchedule, INTERVALS_MS, nextDue } from './schedule.js';

/** The user that the log names. */
const USER = 'scheduler@addons.heroku.com';

export interface SchedulerOptions {
  readonly world: Pick<AddonsWorld, 'time' | 'app' | 'appNamed'>;
  readonly store: AddonStore;
}

/**
 * Runs jobs in one-off dynos, on platform time. While there are no jobs it has no timer.
 * https://devcenter.heroku.com/articles/scheduler
 */
export class Scheduler implements SchedulerControl {
  readonly #world: SchedulerOptions['world'];
  readonly #store: AddonStore;
  /** To be reviewed after every change of the jobs. Runs end with the dynos of their app. */
  readonly timetable: Timetable<JobRecord>;
  /** Ends the run of a job, by the job's ID. */
  readonly #ends = new Map<string, () => void>();

  constructor({ world, store }: SchedulerOptions) {
    this.#world = world;
    this.#store = store;
    this.timetable = new Timetable<JobRecord>({
      time: world.time,
      items: () => store.jobs,
      nextDue,
      run: (job) => {
        const app = world.app(store.find(job.addon)?.app ?? '');
        return app && this.#run(job, app);
      },
    });
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
    this.timetable.review();
    return this.#view(job);
  }

  async remove(app: string, wanted: string): Promise<JobView> {
    const addon = this.#addonOf(app);
    const job = this.#store.jobs.find(({ id, addon: of }) => id === wanted && of === addon.id);
    if (!job)
      throw new UserError('NO_SUCH_JOB', `${app} has no job ${quote(wanted)}`, 'See: dynosim scheduler');
    const view = this.#view(job);
    await this.#store.update(({ jobs }) => ({ jobs: jobs.filter(({ id }) => id !== job.id) }));
    this.timetable.review();
    return view;
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

  #view(job: JobRecord): JobView {
    const { id, command, every, at } = job;
    return { id, command, every, at, nextAt: this.timetable.nextOf(job) };
  }

  #run({ id, command, every }: JobRecord, app: AddonApp): Promise<void> | undefined {
    const { platform } = this.#world.time;
    // "A dyno started by scheduler will not run longer than its scheduling interval."
    this.#ends.get(id)?.();
    let run: JobRun;
    try {
      run = app.runJob(command, USER);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      app.remark(`The job \`${command}\` was not run: ${inOneLine(error.message, error.hint)}`);
      return undefined;
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
    return run.exited.then(forget);
  }
}
