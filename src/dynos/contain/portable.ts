import type { Readable, Writable } from 'node:stream';
import treeKill from 'tree-kill';
import { type Cancel, type Clock, pause } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { type Exit, type Process, startProcess } from '../../base/process.js';
import type {
  Containment,
  Listening,
  ProcessTree,
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

  async start(spec: TreeSpec): Promise<ProcessTree> {
    const tree = new PortableTree(await startFirst(spec, this.#options), this.#options);
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

type FirstProcess = Pick<Process, 'pid' | 'stdin' | 'stdout' | 'exited'> & Partial<TerminalProcess>;

class PortableTree implements ProcessTree {
  readonly pid: number;
  readonly root: number;
  readonly output: Readable;
  readonly input: Writable;
  readonly exited: Promise<Exit>;
  readonly #options: PortableOptions;
  readonly #first: FirstProcess;
  #isStopping = false;
  #isGone = false;

  constructor(first: FirstProcess, options: PortableOptions) {
    this.#first = first;
    this.#options = options;
    this.pid = first.pid;
    this.root = first.pid;
    this.output = first.stdout;
    this.input = first.stdin.on('error', () => {});
    this.exited = this.#end();
  }

  resize(size: TerminalSize): void {
    this.#first.resize?.(size);
  }

  signal(signal: TreeSignal): void {
    if (this.#isGone) return;
    if (signal === 'SIGTERM') this.#isStopping = true;
    if (!this.#options.canFindTree) return void this.signalGroup(signal);
    // Children that left the group are found through their parents, so signal them before the parents are gone.
    treeKill(this.pid, signal, () => {
      if (signal === 'SIGKILL') this.signalGroup(signal);
    });
  }

  watchPort(port: number, onListening: (where: Listening) => void): Cancel {
    return watchByConnecting(port, this.#options.clock, onListening);
  }

  /** Works even if the first process is gone. @returns whether the group has processes */
  signalGroup(signal: TreeSignal | 0): boolean {
    if (this.#isGone) return false;
    try {
      return process.kill(-this.pid, signal);
    } catch {
      return false;
    }
  }

  async #end(): Promise<Exit> {
    const exit = await this.#first.exited;
    // A dyno lives as long as its first process; only a stop gives the other processes more time.
    if (!this.#isStopping) this.signalGroup('SIGKILL');
    while (this.signalGroup(0)) await pause(this.#options.clock, LOOK_AGAIN_MS);
    this.#isGone = true;
    return exit;
  }
}

/** @throws UserError `NEEDS_GUARD`, or the system's error if it cannot start */
async function startFirst(
  spec: TreeSpec,
  { clock, loadPty = loadNodePty }: PortableOptions,
): Promise<FirstProcess> {
  if (spec.overlay !== undefined) throw new UserError('NEEDS_GUARD', 'an overlay needs the guard');
  // Node's pipes are sockets. With one as stdin and without SHLVL, bash assumes that rshd runs it, and reads ~/.bashrc.
  const env = { SHLVL: '1', ...spec.env };
  if (spec.terminal) return startAtTerminal({ ...spec, env }, spec.terminal, { clock, pty: loadPty() });
  // stdout and stderr share a pipe, so that their lines keep their order.
  const command = ['bash', '-c', 'exec "$0" "$@" 2>&1', ...spec.command] as const;
  return startProcess({ ...spec, env, command });
}
