import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants as fs, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { errorMessage } from '../../base/errors.js';
import { packageRoot } from '../../base/package-root.js';
import { exitOf, type Process } from '../../base/process.js';
import type { StartedTree } from './containment.js';

/** This system cannot run the guard; the message says why. */
export class GuardUnavailable extends Error {}

/**
 * Starts a guard.
 * @param path where to look for perl
 * @throws GuardUnavailable
 */
export async function startGuard(path: string): Promise<Process> {
  const script = join(packageRoot(), 'src/dynos/contain/guard/guard.pl');
  // Bare Node: it is what a dyno's first line waits for. In "/", so that it keeps no folder or disk busy.
  const child = spawn('perl', [script], { cwd: '/', env: { PATH: path }, detached: true });
  if (child.pid === undefined) throw new GuardUnavailable(errorMessage((await once(child, 'error'))[0]));
  const guard: Process = {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exitOf(child),
  };
  const [event, ...rest] = (await firstLine(guard.stdout)).split(' ');
  if (event !== 'ready') throw new GuardUnavailable(rest.join(' ') || (await firstLine(guard.stderr)));
  try {
    closeSync(openSync(pipePath(guard.pid, Number(rest[0])), fs.O_RDONLY | fs.O_NONBLOCK));
  } catch (error) {
    guard.stdin.end();
    throw new GuardUnavailable(errorMessage(error));
  }
  return guard;
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

/** Calls for each further line; `node:readline` does the same, but takes a millisecond to load. */
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

/** @param input 0: the tree has none */
export function openPipes(pid: number, output: number, input: number): Pick<StartedTree, 'output' | 'input'> {
  return {
    output: openPipe(pid, output, fs.O_RDONLY) ?? Readable.from([]),
    input: input === 0 ? undefined : openPipe(pid, input, fs.O_WRONLY),
  };
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

/** A length, then fields with a NUL between them. No argument and no variable goes beyond one: the system cuts it there. */
export function frame(fields: readonly string[]): Buffer {
  const message = Buffer.from(`\0\0\0\0${fields.map(upToNul).join('\0')}`);
  message.writeUInt32BE(message.length - 4);
  return message;
}

function upToNul(field: string): string {
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}
