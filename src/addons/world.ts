import type { Time } from '../base/clock.js';
import type { Attached, AttachedChange, Config } from '../config/layers.js';
import type { Containment } from '../dynos/contain/index.js';
import type { Ports } from '../dynos/ports.js';

/** What add-ons need of their host. */
export interface AddonsWorld {
  /** The folder of their state and data. */
  readonly folder: string;
  /** Where programs are kept that were fetched: `$XDG_CACHE_HOME/dynosim`. */
  readonly cacheFolder: string;
  readonly time: Time;
  readonly containment: Pick<Containment, 'start'>;
  readonly ports: Pick<Ports, 'take'>;
  /** The environment dynosim was started with. */
  readonly shell: NodeJS.ProcessEnv;
  /** Whether servers take TLS connections only, as on Heroku. */
  readonly isStrict: boolean;
  /** The folder of the user's certificate authority, which signs the servers' certificates. */
  readonly authorityFolder: string;
  /** The app with an ID, if it runs. */
  app(id: string): AddonApp | undefined;
  /** @throws UserError `NO_SUCH_APP` */
  appNamed(name: string): AddonApp;
  /** Called with unexpected errors. */
  onBug(error: unknown): void;
}

/** What add-ons need of an app. */
export interface AddonApp {
  readonly id: string;
  readonly name: string;
  /** Its config vars that come from no add-on. */
  ownVars(): Config;
  /** The config vars of add-ons in its current release; undefined before the first release. */
  releasedVars(): Config | undefined;
  /** Sets what its add-ons give it, without a release. */
  adopt(attached: Attached): void;
  /** Makes a release of a change of its add-ons, and restarts its dynos if config vars change. */
  change(change: AttachedChange): Promise<void>;
  /**
   * Runs a command in a one-off dyno `scheduler.1234`.
   * @param by the user that the log names
   * @throws UserError `STOPPING`
   */
  runJob(command: string, by: string): JobRun;
  /** Logs a line of a server: `app[postgres.1]: …`. */
  logServer(process: string, line: string): void;
  /** Logs a line of dynosim's own. */
  remark(line: string): void;
}

/** A one-off dyno that runs a job. */
export interface JobRun {
  /** Resolves when none of its processes is left. */
  readonly exited: Promise<unknown>;
  /** Ends it. Does nothing if it has ended. */
  stop(): void;
}
