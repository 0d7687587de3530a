import type { Readable, Writable } from 'node:stream';
import type { Exit } from '../base/process.js';
import type { ProcessTree, TerminalSize, TreeSpec } from './contain/index.js';
import { RunIo } from './io.js';
import type { LiveRun } from './live-run.js';
import type { RunState } from './run.js';
import type { RunWorld } from './run-plan.js';
import { losslessStream } from './tee.js';

/**
 * A command beside a dyno's run, for one client. As a process of the dyno would, it gets SIGTERM when the run is stopped,
 * and ends with the run.
 */
export class Exec {
  /** All of its output. It blocks while this is not read. */
  readonly output: Readable;
  readonly exited: Promise<Exit>;
  readonly hasTerminal: boolean;
  readonly #io = new RunIo();
  readonly #tree: ProcessTree;
  readonly #world: RunWorld;
  #isOver = false;

  private constructor(tree: ProcessTree, spec: TreeSpec, run: LiveRun, world: RunWorld) {
    this.hasTerminal = spec.terminal !== undefined;
    this.#tree = tree;
    this.#world = world;
    this.output = losslessStream(this.#io.output);
    void this.#io.connect(tree);
    const follow = ({ status }: RunState): void => {
      if (status === 'stopping') tree.signal('SIGTERM');
      if (status === 'gone') tree.signal('SIGKILL');
    };
    const unsubscribe = run.onChange(follow);
    // It may have been stopped, or have ended, while this started.
    if (run.state) follow(run.state);
    this.exited = tree.exited.then((exit) => {
      this.#isOver = true;
      unsubscribe();
      this.#io.close();
      return exit;
    });
  }

  /**
   * @param spec from `LiveRun.specBeside`
   * @throws the system's error if there cannot be a process
   */
  static async start(run: LiveRun, spec: TreeSpec, world: RunWorld): Promise<Exec> {
    const shutdownMs = world.timeouts.shutdown;
    return new Exec(await world.containment.start({ ...spec, shutdownMs }), spec, run, world);
  }

  get input(): Writable {
    return this.#io.input;
  }

  interrupt(): void {
    this.#tree.signal('SIGINT');
  }

  resize(size: TerminalSize): void {
    this.#tree.resize(size);
  }

  /** The client has left: sends SIGHUP, and SIGKILL to what is left after the shutdown timeout. */
  hangUp(): void {
    this.output.destroy();
    if (this.#isOver) return;
    this.#tree.signal('SIGHUP');
    const { time, timeouts } = this.#world;
    const cancel = time.real.after(timeouts.shutdown, () => this.#tree.signal('SIGKILL'));
    void this.exited.then(cancel);
  }
}
