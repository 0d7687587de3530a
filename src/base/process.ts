import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { Duplex, type Readable, type Writable } from 'node:stream';

export interface Exit {
  /** As in a shell: the process's status, or 128 + the number of the signal that ended it. */
  readonly status: number;
}

export type CommandLine = readonly [string, ...string[]];

export interface ProcessSpec {
  readonly command: CommandLine;
  readonly cwd: string;
  /** The complete environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** A started process. */
export interface Process {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process itself has ended, even while its children keep its streams open. */
  readonly exited: Promise<Exit>;
}

interface RunOptions {
  readonly cwd?: string;
  /** The complete environment. Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** The streams of this process that it shares. By default, stdin is empty, and the output is captured. */
  readonly share?: readonly ('stdin' | 'stdout' | 'stderr')[];
  /** When it gets SIGKILL. */
  readonly timeoutMs?: number;
}

/** A program that has ended, or could not be started. */
export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  /** The system's error code if it could not be started; its status is then 127. */
  readonly failure: string | undefined;
}

export interface Running {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined;
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs other programs. Never throws if a program fails. */
export interface Programs {
  run(command: CommandLine, options?: RunOptions): Running;
  runSync(command: CommandLine, options?: RunOptions): Finished;
}

/** execa must not end processes: dynosim decides that. */
const OWN_RULES = { reject: false, forceKillAfterDelay: false, cleanup: false } as const;

/**
 * Loads execa on demand, because that takes longer than starting a process. Only this file imports it.
 */
export async function loadPrograms(): Promise<Programs> {
  const { execa, execaSync } = await import('execa');
  return {
    run([file, ...args], options = {}) {
      const child = execa(file, args, { ...toExeca(options), ...OWN_RULES });
      return { pid: child.pid, finished: child.then(toFinished), kill: (signal) => void child.kill(signal) };
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
 * Starts a process in its own session, so that a terminal's Ctrl-C reaches it only through dynosim.
 * @param lines the number of additional descriptors, from 3 on, to write to and to read from
 * @throws the system's error if the program cannot be started (`ENOENT`, `EACCES`)
 */
export async function startProcess(
  { command: [file, ...args], cwd, env }: ProcessSpec,
  lines = 0,
): Promise<Process & { readonly lines: readonly Duplex[] }> {
  const { execa } = await import('execa');
  const more = Array.from({ length: lines }, () => 'pipe' as const);
  const streams = { stdio: ['pipe', 'pipe', 'pipe', ...more], buffer: false } as const;
  const child = execa(file, args, { ...OWN_RULES, ...streams, cwd, env, extendEnv: false, detached: true });
  if (child.pid === undefined) throw (await child).cause;
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    lines: [...child.stdio].slice(3).filter((line: unknown) => line instanceof Duplex),
    exited: exitOf(child),
  };
}

/**
 * Starts a program that continues after this process ends.
 * @param output an open file for its output
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

/**
 * Starts a program that outlives this process, in a session of its own, where no key of a terminal reaches it. It
 * shares stdin.
 * @returns its descriptor 3, which ends when this process ends in whatever way. A program that cannot be started reads
 * nothing
 */
export async function startHeir([file, ...args]: CommandLine): Promise<Writable> {
  const { execa } = await import('execa');
  const stdio = ['inherit', 'ignore', 'ignore', 'pipe'] as const;
  const child = execa(file, args, { ...OWN_RULES, stdio, buffer: false, detached: true });
  child.unref();
  const line = [...child.stdio][3];
  if (!(line instanceof Socket)) throw new Error(`There is no pipe to ${file}`);
  line.unref();
  return line.on('error', () => {});
}

/** A process that continues after this one ends. */
interface ForGood {
  readonly pid: number;
  /** Resolves only while this process runs. */
  readonly exited: Promise<Exit>;
}

/** Resolves when a process has ended, even while its children keep its streams open. */
export async function exitOf(child: NodeJS.EventEmitter): Promise<Exit> {
  const [code, signal] = await once(child, 'exit');
  return { status: exitStatus(code, signal) };
}

/** Node's exit code and signal as one number: 143 for SIGTERM. */
function exitStatus(code: number | null | undefined, signal: NodeJS.Signals | null | undefined): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
