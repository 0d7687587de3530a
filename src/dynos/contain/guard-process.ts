import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants as fs, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { errorMessage } from '../../base/errors.js';
import { packageRoot } from '../../base/package-root.js';
import { exitOf, type Process } from '../../base/process.js';
import type { StartedTree } from './containment.js';
import { parseEvent } from './guard-protocol.js';

/** This system cannot run the guard; the message says why. */
export class GuardUnavailable extends Error {}

/**
 * Starts a guard.
 * @param path where to look for perl
 * @throws GuardUnavailable
 */
export async function startGuard(path: string): Promise<Process> {
  const script = join(packageRoot(), 'src/dynos/contain/guard/guard.pl');
  // By bare Node, as a dyno's first line waits for it. In "/", so that it keeps no folder or disk busy.
  const child = spawn('perl', [script], { cwd: '/', env: { PATH: path }, detached: true });
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
 * The pipe that the guard names in its first line, to try whether it can be opened.
 * @throws GuardUnavailable
 */
async function probeOf({ stdout, stderr }: Process): Promise<number> {
  const line = await firstLine(stdout);
  // Perl could not even start it.
  if (line === '') throw new GuardUnavailable(await firstLine(stderr));
  const first = parseEvent(line);
  if (first.event === 'ready') return first.probe;
  throw new GuardUnavailable(first.event === 'failed' ? first.reason : line);
}

/** A stream's first line, or '' if it ends without one. What follows is left to be read. */
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

/** Calls the listener with each further line; `node:readline` does the same, but takes a millisecond to load. */
export function onLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** A pipe of another process: opening it this way gives an end of our own of the same pipe. */
function pipePath(pid: number, fd: number): string {
  return `/proc/${pid}/fd/${fd}`;
}

export type TreePipes = Pick<StartedTree, 'output' | 'input'>;

/** Our own ends of the pipes that the guard's descriptors are. */
export function openPipes(pid: number, output: number, input: number): TreePipes {
  return {
    output: openPipe(pid, output, fs.O_RDONLY) ?? Readable.from([]),
    // A process that closes its stdin wants no more.
    input: (openPipe(pid, input, fs.O_WRONLY) ?? nowhere()).on('error', () => {}),
  };
}

/** Takes everything and does nothing with it. */
export function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Undefined if the guard was killed this very moment: there is nothing to read or write any more. */
function openPipe(pid: number, fd: number, mode: number): Socket | undefined {
  try {
    const own = openSync(pipePath(pid, fd), mode | fs.O_NONBLOCK);
    return new Socket({ fd: own, readable: mode === fs.O_RDONLY, writable: mode === fs.O_WRONLY });
  } catch {
    return undefined;
  }
}
