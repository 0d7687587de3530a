import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../base/clock.js';
import { UserError, unreachable } from '../base/errors.js';
import { BUILD_LIMITS } from '../base/limits.js';
import type { CommandLine } from '../base/process.js';
import type { Containment } from '../dynos/contain/index.js';
import { details, Indenter, ownWarning } from './lines.js';
import type { Failure, RunStep, Step } from './step.js';

/** What a build needs of the world. */
export interface BuildWorld {
  readonly containment: Pick<Containment, 'start'>;
  /** Real time. */
  readonly clock: Clock;
}

/** The build has failed, and its lines say why. */
export class BuildFailed extends Error {}

/** The build was ended from outside. */
export class BuildStopped extends Error {
  constructor(readonly outcome: 'cancelled' | 'timed out') {
    super(outcome);
  }
}

/** Where a command runs. */
export interface Place {
  readonly dir: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How much of a failed command's output is searched for the reason. */
const KEPT_CHARACTERS = 256 * 1024;

/** No honest answer is longer. */
const MOST_ANSWERED = 16 * 1024 * 1024;

/** Runs a build's commands, none of which outlives it, and prints what they print. */
export class Executor {
  readonly print: (text: string) => void;
  readonly #world: BuildWorld;
  /** A folder of this build's own. */
  readonly #workDir: string;
  readonly #stop = new AbortController();
  readonly #close: () => void;
  #asked = 0;

  constructor(world: BuildWorld, workDir: string, signal: AbortSignal, output: (text: string) => void) {
    this.print = output;
    this.#world = world;
    this.#workDir = workDir;
    const cancel = (): void => this.#stop.abort(new BuildStopped('cancelled'));
    const cancelTimer = world.clock.after(BUILD_LIMITS.ms, () =>
      this.#stop.abort(new BuildStopped('timed out')),
    );
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    this.#close = () => {
      signal.removeEventListener('abort', cancel);
      cancelTimer();
    };
  }

  /** The build is over. */
  close(): void {
    this.#close();
  }

  /** @throws BuildStopped if the build is to end */
  throwIfStopped(): void {
    this.#stop.signal.throwIfAborted();
  }

  /** @throws BuildFailed, BuildStopped */
  async carryOut(steps: readonly Step[], place: Place): Promise<void> {
    for (const step of steps) {
      this.throwIfStopped();
      await this.#carryOut(step, place);
    }
  }

  /**
   * Runs a command and passes on what it prints, both streams in order.
   * @returns its exit status
   * @throws BuildStopped
   */
  async run(command: CommandLine, { dir, env }: Place, onText = this.print): Promise<number> {
    this.throwIfStopped();
    const { signal } = this.#stop;
    const tree = await this.#world.containment.start({ name: 'build', command, cwd: dir, env });
    const kill = (): void => {
      tree.signal('SIGKILL');
      // Where there is no guard, a daemon may go on and hold it open.
      tree.output.destroy();
    };
    if (signal.aborted) kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      tree.input.end();
      for await (const text of tree.output.setEncoding('utf8')) onText(text);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
    const { status } = await tree.exited;
    this.throwIfStopped();
    return status;
  }

  /**
   * Asks a program something; what it answers is not printed.
   * @throws BuildStopped
   */
  async ask(command: CommandLine, place: Place): Promise<Answer> {
    this.#asked += 1;
    const file = join(this.#workDir, `stderr-${this.#asked}`);
    let stdout = '';
    const toFile = ['bash', '-c', 'exec "$@" 2>"$0"', file, ...command] as const;
    const status = await this.run(toFile, place, (text) => {
      if (stdout.length < MOST_ANSWERED) stdout += text;
    });
    return { status, stdout, stderr: await readFile(file, 'utf8').catch(() => '') };
  }

  async #carryOut(step: Step, place: Place): Promise<void> {
    switch (step.does) {
      case 'print':
        return this.print(step.text);
      case 'write': {
        const file = await fileIn(place.dir, step.file);
        // It may be a link.
        await rm(file, { force: true });
        return writeFile(file, step.text);
      }
      case 'remove':
        return rm(await fileIn(place.dir, step.file), { recursive: true, force: true });
      case 'decide':
        return this.carryOut(await step.steps(), place);
      case 'fail':
        return this.fail(step.failure);
      case 'run':
        return this.#runStep(step, place);
      default:
        return unreachable(step);
    }
  }

  async #runStep({ command, heading, done, env, failures }: RunStep, place: Place): Promise<void> {
    if (heading !== undefined) this.print(heading);
    const { clock } = this.#world;
    const startedAt = clock.now();
    const indenter = new Indenter(this.print);
    let tail = '';
    const status = await this.run(command, { ...place, env: { ...place.env, ...env } }, (text) => {
      indenter.push(text);
      tail = (tail + text).slice(-KEPT_CHARACTERS);
    });
    indenter.end();
    if (status === 0) {
      const seconds = ((clock.now() - startedAt) / 1000).toFixed(2);
      return done === undefined ? undefined : this.print(details(`${done} (${seconds}s)`));
    }
    const failure = failures.find(({ says }) => says === undefined || says.test(tail));
    this.fail(failure ?? { text: '' });
  }

  /** @throws BuildFailed always */
  fail({ text, remedy }: Failure): never {
    this.print(text);
    if (remedy !== undefined) this.print(`${ownWarning(remedy)}\n`);
    throw new BuildFailed();
  }
}

/**
 * A file of the slug, whose folder is made if it is missing.
 * @throws UserError `LINK_OUT_OF_APP` if a link of the app leads it elsewhere
 */
async function fileIn(dir: string, file: string): Promise<string> {
  const folder = dirname(join(dir, file));
  await mkdir(folder, { recursive: true });
  if (`${await realpath(folder)}/`.startsWith(`${await realpath(dir)}/`)) return join(folder, basename(file));
  throw new UserError(
    'LINK_OUT_OF_APP',
    `${dirname(file)} is a link that leads out of the app`,
    'Remove it.',
  );
}
