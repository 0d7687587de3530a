import { PassThrough, Readable } from 'node:stream';
import treeKill from 'tree-kill';
import { type Cancel, type Clock, pause } from '../../base/clock.js';
import { errorMessage } from '../../base/errors.js';
import { type Exit, type Process, startProcess } from '../../base/process.js';
import type {
  Containment,
  Listening,
  ProcessTree,
  StartedTree,
  TerminalSize,
  TreeSignal,
  TreeSpec,
} from './containment.js';
import { watchByConnecting } from './listening.js';
import { loadNodePty, type NodePty, startAtTerminal, type TerminalProcess } from './pty.js';

/** How often to check whether a stopping group is empty: the system does not report the end of grandchildren. */
const LOOK_AGAIN_MS = 50;

export interface PortableOptions {
  readonly clock: Clock;
  /** Why the guard is not used: `this is not Linux` */
  readonly why: string;
  /** Whether the program exists with which tree-kill finds a process's children: `ps` or `pgrep`. */
  readonly canFindTree: boolean;
  readonly loadPty?: () => NodePty | undefined;
}

/**
 * Works on all systems with process groups (macOS, BSD). Finds the processes of a tree with tree-kill when they must be
 * signaled, and misses those that have left both the tree and its group.
 */
export class PortableContainment implements Containment {
  readonly gaps: readonly string[];
  readonly #options: PortableOptions;
  readonly #trees = new Set<PortableTree>();
  readonly #onExit = (): void => {
    for (const tree of this.#trees) tree.signalGroup('SIGKILL');
  };

  constructor(options: PortableOptions) {
    this.#options = options;
    this.gaps = [
      `dynosim ends dynos by process group, because ${options.why}: a daemon that leaves its group may outlive dynosim, and all dynos do if dynosim is killed with SIGKILL.`,
    ];
    process.once('exit', this.#onExit);
  }

  start(spec: TreeSpec): ProcessTree {
    const tree = new PortableTree(spec, this.#options);
    this.#trees.add(tree);
    void tree.exited.then(() => this.#trees.delete(tree));
    return tree;
  }

  async close(): Promise<void> {
    for (const tree of this.#trees) tree.signal('SIGKILL');
    await Promise.all([...this.#trees].map((tree) => tree.exited));
    process.off('exit', this.#onExit);
  }
}

/** A started process, or the reason why it could not start. */
type StartResult = (Pick<Process, 'pid' | 'stdin' | 'stdout' | 'exited'> & Partial<TerminalProcess>) | Error;

class PortableTree implements ProcessTree {
  readonly started: Promise<StartedTree>;
  readonly exited: Promise<Exit>;
  readonly #options: PortableOptions;
  readonly #process: Promise<StartResult>;
  #pid: number | undefined;
  #stopping = false;

  constructor(spec: TreeSpec, options: PortableOptions) {
    this.#options = options;
    this.#process = tryStart(spec, options);
    this.started = this.#start();
    this.exited = this.#end();
  }

  resize(size: TerminalSize): void {
    void this.#process.then((started) => {
      if (!(started instanceof Error)) started.resize?.(size);
    });
  }

  signal(signal: TreeSignal): void {
    void this.#process.then(() => {
      if (this.#pid === undefined) return;
      if (signal === 'SIGTERM') this.#stopping = true;
      if (!this.#options.canFindTree) return this.signalGroup(signal);
      // Children that left the group are found through their parents, so signal them before the parents are gone.
      treeKill(this.#pid, signal, () => {
        if (signal === 'SIGKILL') this.signalGroup(signal);
      });
    });
  }

  watchPort(port: number, onListening: (where: Listening) => void): Cancel {
    return watchByConnecting(port, this.#options.clock, onListening);
  }

  /** Works even if the first process is gone. @returns whether the group has processes */
  signalGroup(signal: TreeSignal | 0): boolean {
    if (this.#pid === undefined) return false;
    try {
      return process.kill(-this.#pid, signal);
    } catch {
      return false;
    }
  }

  async #start(): Promise<StartedTree> {
    const started = await this.#process;
    if (started instanceof Error) {
      const output = Readable.from([Buffer.from(`${errorMessage(started)}\n`)]);
      return { pid: 0, root: 0, output, input: new PassThrough().resume() };
    }
    const { pid, stdin, stdout } = started;
    this.#pid = pid;
    stdin.on('error', () => {});
    return { pid, root: pid, output: stdout, input: stdin };
  }

  async #end(): Promise<Exit> {
    const started = await this.#process;
    if (started instanceof Error) return { status: 127 };
    const exit = await started.exited;
    // A dyno lives as long as its first process; only a stop gives the other processes more time.
    if (!this.#stopping) this.signalGroup('SIGKILL');
    while (this.signalGroup(0)) await pause(this.#options.clock, LOOK_AGAIN_MS);
    this.#pid = undefined;
    return exit;
  }
}

async function tryStart(
  spec: TreeSpec,
  { clock, loadPty = loadNodePty }: PortableOptions,
): Promise<StartResult> {
  // Node's pipes are sockets. With one as stdin and without SHLVL, bash assumes that rshd runs it, and reads ~/.bashrc.
  const env = { SHLVL: '1', ...spec.env };
  if (spec.overlay !== undefined) return new Error('an overlay needs the guard');
  try {
    if (spec.terminal)
      return await startAtTerminal({ ...spec, env }, spec.terminal, { clock, pty: loadPty() });
    // stdout and stderr share a pipe, so that their lines keep their order.
    const command = ['bash', '-c', 'exec "$0" "$@" 2>&1', ...spec.command] as const;
    return await startProcess({ ...spec, env, command });
  } catch (error) {
    return error instanceof Error ? error : new Error(errorMessage(error));
  }
}
