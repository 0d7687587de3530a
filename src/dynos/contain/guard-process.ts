import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants as fs, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { errorMessage, UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';
import { packageRoot } from '../../base/package-root.js';
import { exitOf, type Process } from '../../base/process.js';
import type { ProcessTree } from './containment.js';
import { parseEvent } from './guard-protocol.js';

/** The guard cannot run on this system. */
export class GuardUnavailable extends UserError {
  constructor(reason: string) {
    super('GUARD_UNAVAILABLE', `the guard cannot run here (${reason})`);
  }
}

/**
 * Starts a guard.
 * @param path PATH, to find perl
 * @throws GuardUnavailable
 */
export async function startGuard(path: string): Promise<Process> {
  const script = join(packageRoot(), 'src/dynos/contain/guard/guard.pl');
  // Perl's functions are bound at once, and not again in each fork. No dyno gets this variable.
  const env = { PATH: path, LD_BIND_NOW: '1' };
  // Without execa, because the first dyno waits for it. In "/", so that it keeps no folder or disk busy.
  const child = spawn(findProgram('perl', path) ?? 'perl', [script], { cwd: '/', env, detached: true });
  if (child.pid === undefined) throw new GuardUnavailable(errorMessage((await once(child, 'error'))[0]));
  const guard: Process = {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exitOf(child),
  };
  const probe = await probeOf(guard);
  try {
    closeSync(openSync(pipePath(guard.pid, probe), fs.O_RDONLY | fs.O_NONBLOCK));
  } catch (error) {
    guard.stdin.end();
    throw new GuardUnavailable(errorMessage(error));
  }
  return guard;
}

/**
 * Reads the guard's first line, which names a pipe to find out whether dynosim can open the guard's pipes.
 * @throws GuardUnavailable
 */
async function probeOf({ stdout, stderr }: Process): Promise<number> {
  const line = await firstLine(stdout);
  // Perl could not start the script.
  if (line === '') throw new GuardUnavailable(await firstLine(stderr));
  const first = parseEvent(line);
  if (first.event === 'ready') return first.probe;
  throw new GuardUnavailable(first.event === 'failed' ? first.reason : line);
}

/** Reads a stream's first line, or '' if it ends without one. */
function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const onReadable = (): void => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk;
      const end = text.indexOf('\n');
      if (end === -1) return;
      stream.off('readable', onReadable);
      resolve(text.slice(0, end));
    };
    stream.on('readable', onReadable);
    stream.once('end', () => resolve(text));
  });
}

/** Calls the listener with each line. `node:readline` takes a millisecond to load. */
export function onLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** The path to open another process's pipe, which gives this process its own end of it. */
function pipePath(pid: number, fd: number): string {
  return `/proc/${pid}/fd/${fd}`;
}

export type TreePipes = Pick<ProcessTree, 'output' | 'input'>;

/** Opens this process's ends of the guard's pipes. */
export function openPipes(pid: number, output: number, input: number): TreePipes {
  return {
    output: openPipe(pid, output, fs.O_RDONLY) ?? Readable.from([]),
    // Ignore that a process has closed its stdin.
    input: (openPipe(pid, input, fs.O_WRONLY) ?? nowhere()).on('error', () => {}),
  };
}

/** A stream that discards everything. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** undefined if the guard has just been killed: then there is nothing to read or write. */
function openPipe(pid: number, fd: number, mode: number): Socket | undefined {
  try {
    const own = openSync(pipePath(pid, fd), mode | fs.O_NONBLOCK);
    return new Socket({ fd: own, readable: mode === fs.O_RDONLY, writable: mode === fs.O_WRONLY });
  } catch {
    return undefined;
  }
}
