import { isAlive } from '../../api/client/discovery.js';
import { type Clock, pause } from '../../base/clock.js';
import { errorCode } from '../../base/errors.js';
import { type CommandLine, type Finished, loadPrograms, type Running } from '../../base/process.js';
import { isInForeground, processTree } from '../../dynos/proc.js';
import type { TestSignal } from './signals.js';

/** How long the command may take to end when it is told to, as `docker stop` gives a container. */
const END_MS = 10_000;

/** How often to look whether what was told to end has ended. */
const LOOK_EVERY_MS = 20;

/** The command of a `dynosim test`. It shares dynosim's terminal, stdin, stdout and stderr. */
export class TestCommand {
  /** Resolves when the command has ended and, if it was told to, nothing of it is left. */
  readonly finished: Promise<Finished>;
  readonly #running: Running;
  readonly #clock: Clock;
  #ending: Promise<void> | undefined;

  private constructor(running: Running, clock: Clock) {
    this.#running = running;
    this.#clock = clock;
    this.finished = running.finished.then(async (finished) => {
      await this.#ending;
      return finished;
    });
  }

  /** @param env its complete environment */
  static async start(words: CommandLine, env: NodeJS.ProcessEnv, clock: Clock): Promise<TestCommand> {
    const { run } = await loadPrograms();
    return new TestCommand(run(words, { env, share: ['stdin', 'stdout', 'stderr'] }), clock);
  }

  /** Passes a signal on to all its processes: a shell does nothing before its child has ended. */
  pass(signal: TestSignal): void {
    if (signal !== 'SIGINT') return this.end(signal);
    // At a terminal Ctrl-C has reached them already. And what it means there is for each of them to decide.
    if (!isInForeground()) send('SIGINT', this.#tree());
  }

  /** Sends a signal to all its processes, and SIGKILL to those that do not end. */
  end(signal: NodeJS.Signals = 'SIGTERM'): void {
    const tree = this.#tree();
    send(signal, tree);
    this.#ending ??= this.#untilGone(tree);
  }

  async #untilGone(first: readonly number[]): Promise<void> {
    const giveUpAt = this.#clock.now() + END_MS;
    let left = first;
    while (left.length > 0 && this.#clock.now() < giveUpAt) {
      await pause(this.#clock, LOOK_EVERY_MS);
      // With what they have started in the meantime.
      left = [...new Set(left.flatMap(processTree))].filter(isAlive);
    }
    send('SIGKILL', left);
  }

  #tree(): readonly number[] {
    const { pid } = this.#running;
    return pid === undefined ? [] : processTree(pid);
  }
}

function send(signal: NodeJS.Signals, pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It has ended, or belongs to another user, as what sudo runs does.
      if (!['ESRCH', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}
