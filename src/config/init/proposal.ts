/** What is proposed for an app without a Procfile. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { textOf } from '../folder.js';

/** A line of a Procfile. */
export interface ProposedProcess {
  readonly type: string;
  readonly command: string;
  /** What in the folder speaks for it, as a phrase: "app.py makes the Flask app". */
  readonly why: string;
}

export interface Proposal {
  /** `web` comes first, if there is one. Never empty. */
  readonly processes: readonly ProposedProcess[];
  /** What else has to be done for the commands to work, in sentences. */
  readonly remarks: readonly string[];
}

/** An app's folder. All paths are relative to it, with slashes. */
export interface AppFolder {
  has(path: string): boolean;
  /** A file's text; empty if there is none. */
  text(path: string): string;
  /** The sorted names in a folder of the app; its own by default. */
  names(path?: string): readonly string[];
}

export function openFolder(dir: string): AppFolder {
  return {
    has: (path) => existsSync(join(dir, path)),
    text: (path) => textOf(join(dir, path)),
    names: (path = '') => namesIn(join(dir, path)),
  };
}

/** A proposal of these processes, without those that are undefined. */
export function propose(
  processes: readonly (ProposedProcess | undefined)[],
  ...remarks: readonly (string | undefined)[]
): Proposal {
  return {
    processes: processes.filter((process) => process !== undefined),
    remarks: remarks.filter((remark) => remark !== undefined),
  };
}
