import type { CheckReport } from '../config/check/check-app.js';

/** The app that is examined. */
export interface Subject {
  /** The app's name. */
  readonly name: string;
  /** The app's folder, absolute. Nothing writes to it. */
  readonly dir: string;
  /** The Procfile, relative to the folder. */
  readonly procfile: string;
  /** What `dynosim check` finds. */
  readonly report: CheckReport;
}
