import { closeSync, constants, openSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { IPty } from '@lydell/node-pty';
import type { Clock } from '../../base/clock.js';
import { type Exit, type Process, type ProcessSpec, startProcess } from '../process.js';
import type { TerminalSize } from './containment.js';

/** A process at a terminal of its own: what it prints to stdout and stderr is one stream. */
export interface TerminalProcess extends Pick<Process, 'pid' | 'stdin' | 'stdout' | 'exited'> {
  resize(size: TerminalSize): void;
}

const END_OF_INPUT = '\x04';

/**
 * Starts a process at a terminal where there is no guard that could make one: by node-pty if it is installed (it is
 * optional, as it is compiled for each platform), else by the program `script`, whose terminal has no size.
 */
export async function startAtTerminal(
  spec: ProcessSpec,
  size: TerminalSize,
  clock: Clock,
): Promise<TerminalProcess> {
  const pty = await import('@lydell/node-pty').catch(() => undefined);
  if (!pty) return { ...(await startScript(spec)), resize: () => {} };
  const [file, ...args] = spec.command;
  const { columns: cols, rows } = size;
  const { cwd, env } = spec;
  return wrap(pty.spawn(file, args, { cwd, env: { ...env }, cols, rows, encoding: null }), clock);
}

/** https://man7.org/linux/man-pages/man1/script.1.html; on BSD and macOS it takes the command as further arguments. */
function startScript(spec: ProcessSpec): Promise<Process> {
  const isUtilLinux = process.platform === 'linux';
  const quoted = spec.command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command = isUtilLinux
    ? (['script', '-qefc', quoted, '/dev/null'] as const)
    : (['script', '-q', '/dev/null', ...spec.command] as const);
  return startProcess({ ...spec, command });
}

/** Nothing has come for so long after the exit: nothing more will. */
const QUIET_MS = 25;

function wrap(pty: IPty, clock: Clock): TerminalProcess {
  const stdout = new PassThrough();
  const holdOpen = holdSlave(pty);
  let quiet = (): void => {};
  let endWhenQuiet = (): void => {};
  // Typed as strings, but with "encoding: null" they are buffers.
  pty.onData((data: string | Buffer) => {
    endWhenQuiet();
    if (!stdout.write(data)) pty.pause();
  });
  stdout.on('drain', () => pty.resume());
  const exited = new Promise<Exit>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      endWhenQuiet = () => {
        quiet();
        quiet = clock.after(QUIET_MS, () => {
          holdOpen();
          stdout.end();
          resolve({ status: signal ? 128 + signal : exitCode });
        });
      };
      endWhenQuiet();
    });
  });
  // What is typed is text, whose characters may come in two halves.
  const decoder = new StringDecoder();
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pty.write(decoder.write(chunk));
      done();
    },
    final(done) {
      pty.write(END_OF_INPUT);
      done();
    },
  });
  const resize = ({ columns, rows }: TerminalSize): void => pty.resize(columns, rows);
  return { pid: pty.pid, stdin, stdout, exited, resize };
}

/**
 * Keeps the program's side of the terminal open: when it closes, what has not been read of it is gone. The result
 * lets go of it.
 */
function holdSlave(pty: IPty): () => void {
  const name = 'ptsName' in pty && typeof pty.ptsName === 'string' ? pty.ptsName : undefined;
  if (name === undefined) return () => {};
  const slave = openSync(name, constants.O_RDWR | constants.O_NOCTTY);
  return () => closeSync(slave);
}
