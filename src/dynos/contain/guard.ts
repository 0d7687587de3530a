import type { Cancel, Clock } from '../../base/clock.js';
import { unreachable } from '../../base/errors.js';
import type { Exit, Process } from '../../base/process.js';
import type { Containment, Listening, ProcessTree, TreeSpec } from './containment.js';
import { GuardUnavailable, onLines, openPipes, startGuard, type TreePipes } from './guard-process.js';
import { encodeCommand, type GuardCommand, parseEvent, type TreeEvent } from './guard-protocol.js';
import { bestAddress, formatAddress, watchByConnecting } from './listening.js';

/** The exit status of a process ended by SIGKILL. */
const KILLED: Exit = { status: 137 };

/** For Linux: process trees under `guard/guard.pl`, which leaves no processes even if dynosim itself is killed. */
export class GuardContainment implements Containment {
  readonly gaps: readonly string[] = [];
  readonly #path: string;
  readonly #clock: Clock;
  /** undefined after it was killed: the next tree gets a new one. */
  #guard: Promise<Guard> | undefined;

  private constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /**
   * @param path PATH, to find perl
   * @throws GuardUnavailable
   */
  static async start(path: string, clock: Clock): Promise<GuardContainment> {
    const containment = new GuardContainment(path, clock);
    await containment.#startGuard();
    return containment;
  }

  async start(spec: TreeSpec): Promise<ProcessTree> {
    return (await (this.#guard ?? this.#startGuard())).start(spec);
  }

  async close(): Promise<void> {
    const guard = await this.#guard?.catch(() => undefined);
    await guard?.close();
  }

  #startGuard(): Promise<Guard> {
    const starting = startGuard(this.#path).then((process) => new Guard(process, this.#clock));
    this.#guard = starting;
    const forget = (): void => {
      if (this.#guard === starting) this.#guard = undefined;
    };
    starting.then(({ exited }) => exited).then(forget, forget);
    return starting;
  }
}

type SpawnedEvent = Extract<TreeEvent, { event: 'spawned' }>;

/** What is known of a tree. */
interface HeldTree {
  readonly onSpawned: (tree: ProcessTree) => void;
  onExited: (exit: Exit) => void;
  pipes?: TreePipes;
  watch?: PortWatch;
}

interface PortWatch {
  readonly port: number;
  readonly onListening: (where: Listening) => void;
  /** Ends dynosim's own watch, if the guard cannot watch. */
  cancel?: Cancel;
}

/** One guard process and the trees it holds. */
class Guard {
  readonly exited: Promise<Exit>;
  readonly #process: Process;
  readonly #clock: Clock;
  readonly #trees = new Map<string, HeldTree>();
  #lastId = 0;
  #isLost = false;

  constructor(guard: Process, clock: Clock) {
    this.#process = guard;
    this.#clock = clock;
    this.exited = guard.exited;
    onLines(guard.stdout, (line) => {
      const event = parseEvent(line);
      // startGuard has read the guard's first line, which has no ID.
      if ('id' in event) this.#onEvent(event);
    });
    // Its inits have this stream open, too: after its end, there are no more events.
    guard.stdout.once('close', () => this.#lose());
    guard.stdin.on('error', () => {});
    // The guard writes to stderr only if it fails.
    guard.stderr.on('data', (chunk) => {
      process.emitWarning(`The guard of the dynos failed: ${String(chunk).trim()}`);
    });
  }

  start(spec: TreeSpec): Promise<ProcessTree> {
    const id = String(++this.#lastId);
    return new Promise((resolve, reject) => {
      const onExited = (): void => reject(new GuardUnavailable('it could not start a process'));
      this.#trees.set(id, { onSpawned: resolve, onExited });
      this.#send({ command: 'spawn', id, spec });
      if (this.#isLost) this.#lose();
    });
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    await this.exited;
  }

  #treeOf({ id, init, pid }: SpawnedEvent, held: HeldTree, pipes: TreePipes): ProcessTree {
    return {
      pid,
      root: init,
      ...pipes,
      exited: new Promise((resolve) => {
        held.onExited = resolve;
      }),
      signal: (signal) => this.#send({ command: 'signal', id, signal }),
      resize: (size) => this.#send({ command: 'resize', id, size }),
      watchPort: (port, onListening) => this.#watchPort(id, port, onListening),
    };
  }

  #watchPort(id: string, port: number, onListening: PortWatch['onListening']): Cancel {
    const tree = this.#trees.get(id);
    if (!tree) return () => {};
    const watch: PortWatch = { port, onListening };
    tree.watch = watch;
    this.#send({ command: 'watch', id, port });
    return () => {
      delete tree.watch;
      watch.cancel?.();
      this.#send({ command: 'unwatch', id });
    };
  }

  #send(command: GuardCommand): void {
    this.#process.stdin.write(encodeCommand(command));
  }

  #lose(): void {
    this.#isLost = true;
    for (const tree of this.#trees.values()) tree.onExited(KILLED);
    this.#trees.clear();
  }

  #onEvent(event: TreeEvent): void {
    const tree = this.#trees.get(event.id);
    if (!tree) return;
    switch (event.event) {
      case 'pipes':
        tree.pipes = openPipes(this.#process.pid, event.output, event.input);
        return this.#send({ command: 'opened', id: event.id });
      case 'spawned':
        if (tree.pipes) tree.onSpawned(this.#treeOf(event, tree, tree.pipes));
        return;
      case 'listening':
        return this.#onListening(tree.watch, event.addresses);
      case 'blind':
        return this.#watchByConnecting(tree.watch);
      case 'exited':
        this.#trees.delete(event.id);
        tree.pipes?.input.destroy();
        return tree.onExited({ status: event.status });
      default:
        return unreachable(event);
    }
  }

  #onListening(watch: PortWatch | undefined, addresses: readonly Uint8Array[]): void {
    const where = watch && bestAddress(addresses.map(formatAddress), watch.port);
    if (where) watch.onListening(where);
  }

  #watchByConnecting(watch: PortWatch | undefined): void {
    if (watch) watch.cancel = watchByConnecting(watch.port, this.#clock, watch.onListening);
  }
}
