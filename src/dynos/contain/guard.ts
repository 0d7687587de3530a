import { Readable } from 'node:stream';
import type { Cancel, Clock } from '../../base/clock.js';
import { errorMessage, unreachable } from '../../base/errors.js';
import type { Exit, Process } from '../../base/process.js';
import type {
  Containment,
  Listening,
  ProcessTree,
  StartedTree,
  TreeSignal,
  TreeSpec,
} from './containment.js';
import { nowhere, onLines, openPipes, startGuard, type TreePipes } from './guard-process.js';
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

  start(spec: TreeSpec): ProcessTree {
    const tree = (this.#guard ?? this.#startGuard()).then((guard) => guard.start(spec), unstartable);
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

/** A tree that never runs, because there is no guard for it. */
function unstartable(error: unknown): ProcessTree {
  const output = Readable.from([Buffer.from(`The guard cannot be started again: ${errorMessage(error)}\n`)]);
  return {
    started: Promise.resolve({ pid: 0, root: 0, output, input: nowhere() }),
    exited: Promise.resolve({ status: 127 }),
    signal: () => {},
    resize: () => {},
    watchPort: () => () => {},
  };
}

interface PendingTree {
  readonly started: (tree: StartedTree) => void;
  readonly exited: (exit: Exit) => void;
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
  readonly #trees = new Map<string, PendingTree>();
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

  start(spec: TreeSpec): ProcessTree {
    const id = String(++this.#lastId);
    const { started, exited } = this.#expect(id);
    this.#send({ command: 'spawn', id, spec });
    return {
      started,
      exited,
      signal: (signal) => this.#signal(id, signal),
      resize: (size) => this.#send({ command: 'resize', id, size }),
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
    if (this.#trees.has(id)) this.#send({ command: 'signal', id, signal });
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
    for (const tree of this.#trees.values()) tree.exited(KILLED);
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
        if (tree.pipes) tree.started({ root: event.init, pid: event.pid, ...tree.pipes });
        return;
      case 'listening':
        return this.#onListening(tree.watch, event.addresses);
      case 'blind':
        return this.#watchByConnecting(tree.watch);
      case 'exited':
        this.#trees.delete(event.id);
        tree.pipes?.input.destroy();
        return tree.exited({ status: event.status });
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
