import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** How a process ended. */
export interface Exit {
  /** By the shell's convention: the process's own status, or 128 + the number of the signal that ended it. */
  readonly status: number;
}

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

/** A process to start. */
export interface ProcessSpec {
  readonly command: CommandLine;
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

interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; this process's own if left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** Which streams of this process it shares. Otherwise it has an empty stdin, and what it prints is kept. */
  readonly share?: readonly ('stdin' | 'stdout' | 'stderr')[];
  /** SIGKILL after this. */
  readonly timeoutMs?: number;
}

/** A program that has ended, or could not be started. */
export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  /** The system's error code if it could not be started; its status is 127 then. */
  readonly failure: string | undefined;
}

interface Running {
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs other programs. None of it throws for what a program does. */
export interface Programs {
  run(command: CommandLine, options?: RunOptions): Running;
  runSync(command: CommandLine, options?: RunOptions): Finished;
}

/** Time limits and the end of processes are for us to decide. */
const OWN_RULES = { reject: false, forceKillAfterDelay: false, cleanup: false } as const;

/**
 * This is the only file that imports execa, and only when it is called: loading it takes longer than starting a
 * process.
 */
export async function loadPrograms(): Promise<Programs> {
  const { execa, execaSync } = await import('execa');
  return {
    run([file, ...args], options = {}) {
      const child = execa(file, args, { ...toExeca(options), ...OWN_RULES });
      return { finished: child.then(toFinished), kill: (signal) => void child.kill(signal) };
    },
    runSync: ([file, ...args], options = {}) => toFinished(execaSync(file, args, toExeca(options))),
  };
}

function toExeca({ cwd, env, share = [], timeoutMs }: RunOptions) {
  return {
    reject: false,
    ...(cwd !== undefined && { cwd }),
    ...(env && { env, extendEnv: false }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
    stdin: share.includes('stdin') ? ('inherit' as const) : ('ignore' as const),
    stdout: share.includes('stdout') ? ('inherit' as const) : ('pipe' as const),
    stderr: share.includes('stderr') ? ('inherit' as const) : ('pipe' as const),
  };
}

interface ExecaResult {
  readonly exitCode?: number | undefined;
  readonly signal?: NodeJS.Signals | undefined;
  readonly code?: string | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
}

function toFinished({ exitCode, signal, code, stdout = '', stderr = '' }: ExecaResult): Finished {
  const hasRun = exitCode !== undefined || signal !== undefined;
  const status = hasRun ? exitStatus(exitCode, signal) : 127;
  return { status, stdout, stderr, failure: hasRun ? undefined : code };
}

/**
 * Starts a process in a session of its own, so that a terminal's Ctrl-C reaches it only through dynosim.
 * @throws the system's error if the program cannot be started (`ENOENT`, `EACCES`)
 */
export async function startProcess({ command: [file, ...args], cwd, env }: ProcessSpec): Promise<Process> {
  const { execa } = await import('execa');
  const streams = { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false } as const;
  const child = execa(file, args, { ...OWN_RULES, ...streams, cwd, env, extendEnv: false, detached: true });
  if (child.pid === undefined) throw (await child).cause;
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exitOf(child),
  };
}

/**
 * Starts a program that goes on when this process ends.
 * @param output an open file for what it prints
 * @throws the system's error if it cannot be started
 */
export async function startForGood(
  [file, ...args]: CommandLine,
  output: WriteStream | 'ignore' = 'ignore',
): Promise<ForGood> {
  const { execa } = await import('execa');
  const stdio = { stdin: 'ignore', stdout: output, stderr: output } as const;
  const child = execa(file, args, { ...OWN_RULES, ...stdio, detached: true });
  if (child.pid === undefined) throw (await child).cause;
  child.unref();
  return { pid: child.pid, exited: exitOf(child) };
}

/** A process that goes on when this one ends. */
interface ForGood {
  readonly pid: number;
  /** As long as this process runs. */
  readonly exited: Promise<Exit>;
}

/** Resolves when a process is gone, even while children of it keep its streams open. */
export async function exitOf(child: NodeJS.EventEmitter): Promise<Exit> {
  const [code, signal] = await once(child, 'exit');
  return { status: exitStatus(code, signal) };
}

/** Node's pair of exit code and signal as one number: 143 for SIGTERM. */
function exitStatus(code: number | null | undefined, signal: NodeJS.Signals | null | undefined): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
