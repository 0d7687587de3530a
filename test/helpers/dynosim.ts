import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The built command line. */
export const BIN = fileURLToPath(new URL('../../bin/dynosim.js', import.meta.url));

/** The examples of this repository. */
export const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** The first line of `--log-format json`. */
export interface Ready {
  readonly event: 'ready';
  readonly router: string;
  readonly api: string;
  readonly app: string;
  readonly pid: number;
  readonly runtime: string;
}

export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** When a dynosim that does not stop is killed. */
const STUBBORN_MS = 10_000;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A dynosim that a test has started. It is ended when the test ends, should it still run. */
export class Dynosim {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { cwd = '/', env = {} }: RunOptions = {}) {
    this.process = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.finished = once(this.process, 'close').then(([status, signal]) => {
      const { stdout, stderr } = this;
      return { status, signal, stdout, stderr };
    });
    onTestFinished(() => this.#end());
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /**
   * Resolves with the match when its stdout matches and what it wrote to stderr before is read, too: in one turn of the
   * event loop stdout may be read first. The test's timeout limits the wait.
   */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) {
        await turn();
        return match;
      }
      await Promise.race([once(this.process.stdout ?? this.process, 'data'), this.#failIfOver(pattern)]);
    }
  }

  /** The ready line of `--log-format json`. */
  async ready(): Promise<Ready> {
    const [line] = await this.printed(/^\{"event":"ready".*\}$/m);
    return JSON.parse(line) as Ready;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.process.kill(signal);
    return this.finished;
  }

  /** Gracefully, as what the portable way started would outlive a SIGKILL. */
  async #end(): Promise<void> {
    this.process.kill('SIGTERM');
    const giveUp = setTimeout(() => this.process.kill('SIGKILL'), STUBBORN_MS);
    await this.finished;
    clearTimeout(giveUp);
  }

  async #failIfOver(pattern: RegExp): Promise<never> {
    const { status, stdout, stderr } = await this.finished;
    throw new Error(`dynosim ended with ${status} before it printed ${pattern}:\n${stdout}\n${stderr}`);
  }
}

/** Starts the built dynosim. */
export function dynosim(args: readonly string[], options?: RunOptions): Dynosim {
  return new Dynosim(args, options);
}

/** Runs a command of the built dynosim to its end. */
export function run(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return dynosim(args, options).finished;
}

/** Starts an app on a free port, with a ready line. */
export function start(dir: string, args: readonly string[] = [], options?: RunOptions): Dynosim {
  return dynosim(['start', '--dir', dir, '--port', '0', '--log-format', 'json', ...args], options);
}

/** Starts a host on free ports, with a ready line. */
export function hostOf(state: string, args: readonly string[] = [], options?: RunOptions): Dynosim {
  const ports = ['--port', '0', '--api-port', '0'];
  return dynosim(['host', ...ports, '--state', state, '--log-format', 'json', ...args], options);
}
