import type { Cancel, Time } from '../base/clock.js';
import type { RealTimeouts } from '../base/limits.js';
import type { DynoLimits, DynoSizeName } from '../base/sizes.js';
import type { Containment, ProcessTree, TerminalSize, TreeSpec } from './contain/index.js';
import type { DebuggerState } from './debugger.js';
import type { InspectorSetup } from './inspector/variables.js';
import type { LiveRun } from './live-run.js';
import type { Debuggers } from './observers/debuggers.js';
import type { MemoryMeter } from './observers/memory.js';
import type { Ports } from './ports.js';
import type { Tee } from './tee.js';

/** The plan of a run, its environment in the host, and its log. */

export interface DynoLog {
  /**
   * Logs a line of the platform (`heroku`) or of dynosim about this dyno.
   * @param kind `routine`: a part of every restart that goes well, which another line may sum up
   */
  say(source: 'heroku' | 'dynosim', line: string, kind?: 'routine'): void;
  /** Logs the output of a run. */
  read(output: Tee): void;
}

/** What a process and its descendants do at the moment. */
export interface Activity {
  /** One of their threads does not merely wait for something to happen. */
  readonly isBusy: boolean;
  /** How many of them run, or wait for a CPU. */
  readonly runnable: number;
  /** The CPU time that they have used. */
  readonly cpuMs: number;
}

/** How large a tree is, at a glance. */
export interface TreeSize {
  /** Threads of all processes. A process without further threads has one. */
  readonly threads: number;
  /** Bytes: an upper bound of its memory, in which pages that processes share count more than once. */
  readonly mostMemory: number;
}

/** The memory of a process tree in bytes. A page that several processes share, here or elsewhere, counts once in all. */
export interface TreeMemory {
  /** In RAM, and not from a file. */
  readonly rss: number;
  /** In RAM, and from a file: programs, libraries, mapped files. */
  readonly cache: number;
  readonly swap: number;
}

/** The system's facts about a process and its descendants. */
export interface ProcessInfo {
  /** The ports on which they listen. */
  portsOf(root: number): readonly number[];
  /** Whether there is unread data for a port of this machine; undefined if the system does not tell. */
  hasUnread(port: number): boolean | undefined;
  activityOf(root: number): Activity;
  /** The app's own processes in a tree, without dynosim's helper at its root. */
  processesOf(tree: Pick<ProcessTree, 'root' | 'pid'>): readonly number[];
  /** Takes a fraction of the time of `memoryOf`. */
  sizeOf(pids: readonly number[]): TreeSize;
  /** undefined if the system does not tell. Takes a millisecond for each process, or more: call it rarely. */
  memoryOf(pids: readonly number[]): TreeMemory | undefined;
  /** Whether a debugger is attached to one of them. Takes milliseconds: call it rarely. */
  debuggerOf(root: number): DebuggerState;
  /** Page faults of these processes, and of those of their children that have ended. */
  faultsOf(pids: readonly number[]): number;
}

/**
 * Called with every run of a host, of the formation or of one-off dynos, before its process starts. The result is
 * called when the run is gone.
 */
export type RunObserver = (run: LiveRun) => Cancel;

/** What the runs of a host share. */
export interface RunWorld {
  readonly time: Time;
  readonly timeouts: Pick<RealTimeouts, 'boot' | 'shutdown'>;
  readonly containment: Containment;
  readonly ports: Pick<Ports, 'take'>;
  readonly processes: ProcessInfo;
  readonly memory: Pick<MemoryMeter, 'of' | 'refresh'>;
  readonly debuggers: Pick<Debuggers, 'holds'>;
  readonly observers: readonly RunObserver[];
  /** Draws how long a dyno runs until it is cycled: platform time; Infinity for never. */
  cycleMs(): number;
}

/** The requests on their way to runs. */
export interface RunRequests {
  /** @param run the run's ID */
  of(run: string): readonly { readonly isSent: boolean }[];
}

/** How log lines about a run's load and memory name it. */
export interface MetricsLabels {
  /** `web.1` */
  readonly dyno: string;
  readonly appId: string;
}

/** A command to run beside a run's own. */
export interface CommandBeside {
  readonly command: string;
  /** Variables beyond those of the run. */
  readonly env: Readonly<Record<string, string>>;
  /** Gives it a terminal of this size. */
  readonly terminal?: TerminalSize;
}

export interface RunInspector extends Pick<InspectorSetup, 'isBreaking'> {
  /** The same for every run of a dyno. */
  port(): Promise<number>;
}

export interface RunPlan {
  /** Of the dyno: `web.1`. */
  readonly name: string;
  /** It must listen on $PORT within the boot timeout, and gets requests. Other runs are up when they have started. */
  readonly listens: boolean;
  /** The Procfile's command, for the log. */
  readonly command: string;
  readonly release: number;
  /** The platform's latency before the process starts: platform time. */
  readonly delayMs: number;
  /** The run is not stopped until it has read the requests on their way to it. */
  readonly requests?: RunRequests;
  readonly limits: DynoLimits;
  /** Undefined: its load and memory are not logged. */
  readonly metrics?: MetricsLabels;
  /** Called with its memory in bytes, whenever that is measured. */
  onMemory?(bytes: number): void;
  /** Undefined: the size of its process type. */
  readonly size?: DynoSizeName;
  /** Whether its processes have a terminal instead of pipes. */
  readonly hasTerminal?: boolean;
  /** Undefined: no inspector is opened in its Node processes. */
  readonly inspector?: RunInspector;
  /** Whether its output goes to a client instead of the log. */
  readonly hasClient?: boolean;
  /**
   * Describes the process to start, when the port is known.
   * @param run.beside instead of the run's own command
   * @param run.inspectorPort the first port of its inspector, if it has one
   */
  spec(run: {
    readonly port: number;
    readonly runId: string;
    readonly beside?: CommandBeside;
    readonly inspectorPort?: number | undefined;
  }): TreeSpec;
}
