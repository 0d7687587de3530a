import { constants as os } from 'node:os';
import type { Cancel, Clock } from '../../base/clock.js';
import type { Exit, Process } from '../../base/process.js';
import type {
  Containment,
  Listening,
  ProcessTree,
  StartedTree,
  TreeInput,
  TreeSignal,
  TreeSpec,
} from './containment.js';
import { frame, onLines, openPipes, startGuard } from './guard-process.js';
import { bestAddress, formatAddress, watchByConnecting } from './listening.js';

/** What a process ended by SIGKILL exits with. */
const KILLED: Exit = { status: 137 };

/** Linux: process trees under `guard/guard.pl`, which leaves nothing behind even when dynosim itself is killed. */
export class GuardContainment implements Containment {
  readonly gaps: readonly string[] = [];
  readonly #path: string;
  readonly #clock: Clock;
  #guard: Promise<Guard>;
  #closing = false;

  private constructor(guard: Guard, path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#guard = Promise.resolve(guard);
    this.#replaceWhenGone(guard);
  }

  /**
   * @param path where to look for perl
   * @throws GuardUnavailable
   */
  static async start(path: string, clock: Clock): Promise<GuardContainment> {
    return new GuardContainment(new Guard(await startGuard(path), clock), path, clock);
  }

  start(spec: TreeSpec): ProcessTree {
    const tree = this.#guard.then((guard) => guard.start(spec));
    return {
      started: tree.then(({ started }) => started),
      exited: tree.then(({ exited }) => exited),
      signal: (signal) => void tree.then((it) => it.signal(signal)),
      resize: (size) => void tree.then((it) => it.resize(size)),
      watchPort: (port, onListening) => {
        const cancel = tree.then((it) => it.watchPort(port, onListening));
        return () => void cancel.then((end) => end());
      },
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    await (await this.#guard).close();
  }

  /** Somebody killed it. Its inits are ending their trees; the next ones get a new guard. */
  #replaceWhenGone(guard: Guard): void {
    void guard.exited.then(() => {
      if (this.#closing) return;
      if (guard.lastWords) process.emitWarning(`The guard of the dynos failed: ${guard.lastWords}`);
      this.#guard = startGuard(this.#path).then((process) => new Guard(process, this.#clock));
      void this.#guard.then((next) => this.#replaceWhenGone(next));
    });
  }
}

interface PendingTree {
  readonly started: (tree: StartedTree) => void;
  readonly exited: (exit: Exit) => void;
  pipes?: Pick<StartedTree, 'output' | 'input'>;
  watch?: PortWatch;
}

interface PortWatch {
  readonly port: number;
  readonly onListening: (where: Listening) => void;
  /** Ends a watch of our own, where the guard cannot tell. */
  cancel?: Cancel;
}

/** One guard process and the trees it holds. */
class Guard {
  readonly exited: Promise<Exit>;
  readonly #process: Process;
  readonly #clock: Clock;
  readonly #trees = new Map<string, PendingTree>();
  #lastId = 0;
  #isLost = false;
  #lastWords = '';

  constructor(guard: Process, clock: Clock) {
    this.#process = guard;
    this.#clock = clock;
    this.exited = guard.exited;
    onLines(guard.stdout, (line) => this.#onEvent(line));
    // Its inits hold this stream too: when it ends, what has not been reported never will be.
    guard.stdout.once('close', () => this.#lose());
    guard.stdin.on('error', () => {});
    guard.stderr.on('data', (chunk) => {
      this.#lastWords = String(chunk).trim();
    });
  }

  /** What it printed last, where it should print nothing. */
  get lastWords(): string {
    return this.#lastWords;
  }

  start(spec: TreeSpec): ProcessTree {
    const id = String(++this.#lastId);
    const { started, exited } = this.#expect(id);
    const { name, cwd, input, command, env } = spec;
    const variables = Object.entries(env).flat();
    this.#order('spawn', id, name, cwd, modeOf(input), String(command.length), ...command, ...variables);
    return {
      started,
      exited,
      signal: (signal) => this.#signal(id, signal),
      resize: ({ columns, rows }) => this.#order('resize', id, String(columns), String(rows)),
      watchPort: (port, onListening) => this.#watchPort(id, port, onListening),
    };
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    await this.exited;
  }

  #expect(id: string): { started: Promise<StartedTree>; exited: Promise<Exit> } {
    let started: PendingTree['started'] = () => {};
    let exited: PendingTree['exited'] = () => {};
    const promises = {
      started: new Promise<StartedTree>((resolve) => {
        started = resolve;
      }),
      exited: new Promise<Exit>((resolve) => {
        exited = resolve;
      }),
    };
    this.#trees.set(id, { started, exited });
    if (this.#isLost) this.#lose();
    return promises;
  }

  #signal(id: string, signal: TreeSignal): void {
    if (this.#trees.has(id)) this.#order('signal', id, String(os.signals[signal]));
  }

  #watchPort(id: string, port: number, onListening: PortWatch['onListening']): Cancel {
    const tree = this.#trees.get(id);
    if (!tree) return () => {};
    const watch: PortWatch = { port, onListening };
    tree.watch = watch;
    this.#order('watch', id, String(port));
    return () => {
      delete tree.watch;
      watch.cancel?.();
      this.#order('unwatch', id);
    };
  }

  #order(...fields: readonly string[]): void {
    this.#process.stdin.write(frame(fields));
  }

  #lose(): void {
    this.#isLost = true;
    for (const tree of this.#trees.values()) tree.exited(KILLED);
    this.#trees.clear();
  }

  #onEvent(line: string): void {
    const [event, id = '', ...rest] = line.split(' ');
    const tree = this.#trees.get(id);
    if (!tree) return;
    const [first = 0, second = 0] = rest.map(Number);
    switch (event) {
      case 'pipes':
        tree.pipes = openPipes(this.#process.pid, first, second);
        return this.#order('opened', id);
      case 'spawned':
        if (tree.pipes) tree.started({ root: first, pid: second, ...tree.pipes });
        return;
      case 'listening':
        return this.#onListening(tree.watch, rest);
      case 'blind':
        return this.#watchByConnecting(tree.watch);
      case 'exited':
        this.#trees.delete(id);
        return tree.exited({ status: first });
    }
  }

  #onListening(watch: PortWatch | undefined, addresses: readonly string[]): void {
    if (!watch) return;
    const where = bestAddress(
      addresses.map((hex) => formatAddress(Buffer.from(hex, 'hex'))),
      watch.port,
    );
    if (where) watch.onListening(where);
  }

  #watchByConnecting(watch: PortWatch | undefined): void {
    if (watch) watch.cancel = watchByConnecting(watch.port, this.#clock, watch.onListening);
  }
}

/** Stdin as the guard's order says it. */
function modeOf(input: TreeInput | undefined): string {
  if (!input) return '';
  return input.kind === 'pipe' ? 'input' : `${input.columns}x${input.rows}`;
}
