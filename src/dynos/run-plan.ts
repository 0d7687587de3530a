import type { Cancel, Time } from '../base/clock.js';
import type { RealTimeouts } from '../base/limits.js';
import type { DynoSizeName } from '../base/sizes.js';
import type { Containment, TreeSpec } from './contain/index.js';
import type { DynoKind } from './kinds.js';
import type { LiveRun } from './live-run.js';
import type { MemoryMeter } from './observers/memory.js';
import type { Ports } from './ports.js';
import type { Tee } from './tee.js';

/** The plan of a run, the world that it runs in, and its log. */

/** Where a dyno's lines go. */
export interface DynoLog {
  /** A line of the platform's (`heroku`) or of dynosim's own about this dyno. */
  say(source: 'heroku' | 'dynosim', line: string): void;
  /** Writes down what a run prints. */
  read(output: Tee): void;
}

/** What the system tells about a process and all that descend from it. */
interface ProcessInfo {
  /** The ports on which something of it listens. */
  portsOf(root: number): readonly number[];
  /** Whether something was sent to a port of this machine that was not read; undefined where the system does not tell. */
  hasUnread(port: number): boolean | undefined;
}

/**
 * Hears of every run of a host, be it of a formation's dyno or of a one-off dyno, before its process starts. The result
 * is called when the run is gone.
 */
export type RunObserver = (run: LiveRun) => Cancel;

/** What the runs of a host need of the world. */
export interface RunWorld {
  readonly time: Time;
  readonly timeouts: Pick<RealTimeouts, 'boot' | 'shutdown'>;
  readonly containment: Containment;
  readonly ports: Pick<Ports, 'take'>;
  readonly processes: ProcessInfo;
  readonly memory: Pick<MemoryMeter, 'of'>;
  readonly observers: readonly RunObserver[];
}

/** The requests that are on their way to runs. */
export interface RunRequests {
  /** @param run its id */
  hasAnyFor(run: string): boolean;
  /** Called after every change of that. The result unsubscribes. */
  onChange(listener: () => void): () => void;
}

/** What one run is to be. */
export interface RunPlan {
  readonly kind: DynoKind;
  /** The Procfile's command, for the log. */
  readonly command: string;
  /** The release it belongs to. */
  readonly release: number;
  /** Platform latency before the process starts, ms of platform time. */
  readonly delayMs: number;
  /** Before it is told to stop, it is to read those on their way to it. */
  readonly requests?: RunRequests;
  /** If it is not that of its process type. */
  readonly size?: DynoSizeName;
  /** Its output goes to the client that attaches to it, and not to the log. */
  readonly hasClient?: boolean;
  /** What to start, once the port is known. */
  spec(run: { readonly port: number; readonly runId: string }): TreeSpec;
}
