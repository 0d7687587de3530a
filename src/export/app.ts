/** An app as it is exported: plain data. */

import type { ServiceName } from '../addons/services.js';
import type { DynoSizeName } from '../base/sizes.js';
import type { ImageSource } from './image/source.js';

export type Engine = 'compose' | 'kubernetes';

/** All that the files depend on. */
export interface ExportedApp {
  /** `my-app` */
  readonly name: string;
  /** Without `release`, in the order of the Procfile. */
  readonly processes: readonly ExportedProcess[];
  /** The command of the release phase, if there is one. */
  readonly release?: string;
  /** The app's own config vars; those of its add-ons come from `addons`. */
  readonly configVars: ReadonlyMap<string, string>;
  /** The files that the config vars were read from, relative to the app's folder: none of them enters an image. */
  readonly envFiles: readonly string[];
  /** Oldest first. */
  readonly addons: readonly ExportedAddon[];
  readonly source: ImageSource;
  /** The name of its image, with or without a registry and a tag. */
  readonly image: string;
  /** The host names at which it answers. */
  readonly hosts: readonly [string, ...string[]];
  /** The port of the machines at which it answers on Swarm and Docker Compose. */
  readonly port: number;
  /** How long without requests until it sleeps, if its size sleeps; Infinity: never. */
  readonly sleepAfterMs: number;
  readonly timeouts: ExportedTimeouts;
  /** In place of the memory of the sizes, bytes; Infinity: without limit. */
  readonly memoryQuota?: number;
  /** Whether dynos get the HEROKU_… variables. */
  readonly hasDynoMetadata: boolean;
}

/** In ms. */
interface ExportedTimeouts {
  /** A web dyno must listen. */
  readonly boot: number;
  /** From SIGTERM to SIGKILL. */
  readonly shutdown: number;
  /** To the first byte of a response. */
  readonly request: number;
  /** A request waits for a dyno. */
  readonly queue: number;
}

export interface ExportedProcess {
  readonly type: string;
  readonly command: string;
  readonly quantity: number;
  readonly size: DynoSizeName;
}

export interface ExportedAddon {
  /** `postgresql-round-12345` */
  readonly name: string;
  readonly service: ServiceName;
  readonly plan: string;
  /** The service's own: the user, password and release of a database. */
  readonly settings: Readonly<Record<string, string>>;
  /** The names of its attachments: `DATABASE`. */
  readonly attachments: readonly string[];
  /** Of a scheduler. */
  readonly jobs: readonly ExportedJob[];
}

/** A job of the scheduler: see `addons/scheduler/schedule.ts`. */
export interface ExportedJob {
  readonly command: string;
  readonly every: '10m' | 'hourly' | 'daily';
  readonly at: string | null;
}

/** Where the files are, seen from each other. */
export interface Places {
  /** The app's folder, from that of the export: `../..` */
  readonly context: string;
  /** The folder of the export, from the app's: `deploy/compose` */
  readonly out: string;
}

/** Whether the folder of an export, seen from the app's, is below that. */
export function isBelow(out: string): boolean {
  return out !== '..' && !out.startsWith('../');
}
