import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** How a process ended. */
export interface Exit {
  /** By the shell's convention: the process's own status, or 128 + the number of the signal that ended it. */
  readonly status: number;
}

/** A process to start. */
export interface ProcessSpec {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** One started process, as close to the system as dynosim gets. */
export interface Process {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process itself is gone, even while children of it keep its streams open. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts a process in a session of its own, so that a terminal's Ctrl-C reaches it only through dynosim.
 * The only file that imports execa, and only when it is called: loading it takes longer than starting a process.
 * @throws the system's error if the program cannot be started (`ENOENT`, `EACCES`)
 */
export async function startProcess(spec: ProcessSpec): Promise<Process> {
  const { execa } = await import('execa');
  const [file, ...args] = spec.command;
  const child = execa(file, args, {
    cwd: spec.cwd,
    env: spec.env,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    // Time limits belong to the dyno's own clock, and ending processes to contain/.
    forceKillAfterDelay: false,
    cleanup: false,
    detached: true,
  });
  if (child.pid === undefined) throw (await child).cause;
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exitOf(child),
  };
}

/** Resolves when a process is gone, even while children of it keep its streams open. */
export async function exitOf(child: NodeJS.EventEmitter): Promise<Exit> {
  const [code, signal] = await once(child, 'exit');
  return { status: exitStatus(code, signal) };
}

/** Node's pair of exit code and signal as one number: 143 for SIGTERM. */
function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
