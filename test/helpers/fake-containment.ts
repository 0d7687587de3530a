import { PassThrough } from 'node:stream';
import type { Exit } from '../../src/base/process.js';
import type {
  Containment,
  Listening,
  ProcessTree,
  TreeSignal,
  TreeSpec,
} from '../../src/dynos/contain/index.js';

/** A process tree controlled by a test. */
export class FakeTree implements ProcessTree {
  readonly spec: TreeSpec;
  readonly pid: number;
  readonly signals: TreeSignal[] = [];
  readonly output = new PassThrough();
  readonly input = new PassThrough();
  readonly exited: Promise<Exit>;
  hasExited = false;
  #resolveExited: (exit: Exit) => void = () => {};
  #onListening: ((where: Partial<Listening>) => void) | undefined;

  constructor(spec: TreeSpec, pid: number) {
    this.spec = spec;
    this.pid = pid;
    this.exited = new Promise((resolve) => {
      this.#resolveExited = resolve;
    });
  }

  get root(): number {
    return this.pid;
  }

  watchPort(port: number, onListening: (where: Listening) => void): () => void {
    this.#onListening = (where) => onListening({ host: '127.0.0.1', port, isLoopback: false, ...where });
    return () => {
      this.#onListening = undefined;
    };
  }

  get isWatched(): boolean {
    return this.#onListening !== undefined;
  }

  listen(where: Partial<Listening> = {}): void {
    this.#onListening?.(where);
  }

  resize(): void {}

  signal(signal: TreeSignal): void {
    this.signals.push(signal);
    if (signal === 'SIGKILL') this.exit(137);
  }

  exit(status: number): void {
    this.hasExited = true;
    this.output.end();
    this.#resolveExited({ status });
  }
}

/** Starts nothing: each tree does what the test tells it to do. */
export class FakeContainment implements Containment {
  readonly gaps: readonly string[] = [];
  readonly trees: FakeTree[] = [];

  async start(spec: TreeSpec): Promise<ProcessTree> {
    const tree = new FakeTree(spec, 1000 + this.trees.length);
    this.trees.push(tree);
    return tree;
  }

  async close(): Promise<void> {}

  /** The newest tree of a dyno. */
  of(name: string): FakeTree {
    const tree = this.trees.findLast(({ spec }) => spec.name === name);
    if (!tree) throw new Error(`Nothing was started for ${name}`);
    return tree;
  }
}
