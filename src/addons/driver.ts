import type { ProcessSpec } from '../base/process.js';
import type { AddonRecord } from './records.js';

export type Settings = Readonly<Record<string, string>>;

/** An add-on whose server is to run. */
export interface ServerPlace {
  readonly addon: AddonRecord;
  /** The folder of its data, which nothing else uses. */
  readonly folder: string;
  /** On 127.0.0.1. */
  readonly port: number;
}

/** A line that a server has printed. */
export interface ServerLine {
  /** The server takes connections from now on, or cannot because another program has the port. */
  readonly means?: 'ready' | 'port taken';
  /** The text for the log of the apps that it is attached to; undefined for a line that Heroku does not show. */
  readonly log?: string;
  /** A line of dynosim's own for those logs: what goes wrong, and how to mend it. Repetitions are left out. */
  readonly remark?: string;
  /** Why the server is about to end. */
  readonly failure?: string;
}

/** How one service runs its servers. One server belongs to one add-on. */
export interface ServerDriver {
  /** Log lines come from `app[postgres.1]`. */
  readonly process: string;
  /** Whose name stands before each log line: that of the attachment (`[DATABASE]`), or that of the add-on. */
  readonly tag: 'attachment' | 'addon';
  /**
   * Finds or fetches the server's programs, and chooses the add-on's settings, before anything is recorded.
   * @param options the user's: `{ version: '16' }`
   * @param remark logs a line of dynosim's own: what takes long
   * @throws UserError for options that do not exist, and if there is no program to be had
   */
  plan(options: Settings, remark: (line: string) => void): Promise<Settings>;
  /**
   * Makes the data of a new add-on. The folder does not exist; it is removed if this fails.
   * @throws UserError
   */
  create(place: Omit<ServerPlace, 'port'>): Promise<void>;
  /**
   * The process of the server. Called before each start: makes what must be new each time, such as a certificate.
   * @throws UserError if it cannot run
   */
  spec(place: ServerPlace): Promise<ProcessSpec>;
  /**
   * Called at each start.
   * @param place the server as it is now
   * @returns what finds out what each line of the server's output means
   */
  reader(place: () => ServerPlace): (line: string) => ServerLine;
  /**
   * Called whenever the server has become ready, before apps may use it: makes what the plan's limits or settings have
   * changed.
   */
  prepare(place: ServerPlace): Promise<void>;
  /** What users should know of how a new add-on runs: which programs had to do. Called once. */
  remarkOn?(addon: AddonRecord): string | undefined;
  /** Called before the data is removed, when the server has ended: removes what it has left elsewhere. */
  cleanUp?(place: Omit<ServerPlace, 'port'>): Promise<void>;
  /** The values of its config vars by the end of their names: `{ URL: 'postgres://…' }`. */
  vars(place: ServerPlace): Settings;
}
