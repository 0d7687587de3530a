import type { NewJob } from '../requests.js';
import type { Schedule } from './schedule.js';

/** A command that runs again and again. */
export interface JobView extends Schedule {
  readonly id: string;
  readonly command: string;
  /** When it runs next: a date in platform time, in ms since 1970. */
  readonly nextAt: number;
}

/** The jobs of Heroku Scheduler, which Heroku shows only on a web page. https://devcenter.heroku.com/articles/scheduler */
export interface SchedulerControl {
  /**
   * The jobs of an app, oldest first.
   * @throws UserError `NO_SUCH_APP`, `NO_SCHEDULER`
   */
  jobs(app: string): Promise<readonly JobView[]>;
  /** @throws UserError `NO_SUCH_APP`, `NO_SCHEDULER`, `BAD_SCHEDULE`, `BAD_COMMAND` */
  add(request: NewJob): Promise<JobView>;
  /** @throws UserError `NO_SUCH_APP`, `NO_SCHEDULER`, `NO_SUCH_JOB` */
  remove(app: string, id: string): Promise<JobView>;
}
