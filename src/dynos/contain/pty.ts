import { randomInt } from 'node:crypto';
import { closeSync, constants, openSync, write, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import type { Clock } from '../../base/clock.js';
import { errorCode } from '../../base/errors.js';
import { type Process, type ProcessSpec, startProcess } from '../../base/process.js';
import type { TerminalSize } from './containment.js';

/** A process with its own terminal, in which stdout and stderr are one stream. */
export interface TerminalProcess extends Pick<Process, 'pid' | 'stdin' | 'stdout' | 'exited'> {
  resize(size: TerminalSize): void;
}

/** Only node-pty's `open` is used: its `spawn` loses output, and cannot wait for a reader. */
export interface NodePty {
  open(options: { readonly cols: number; readonly rows: number; readonly encoding: null }): OpenTerminal;
}

interface OpenTerminal {
  readonly fd: number;
  readonly ptsName: string;
  /** Reads the program's output. */
  readonly master: Socket;
  /** Reads the input, which only the program should read. */
  readonly slave: Socket;
  resize(columns: number, rows: number): void;
}

/** undefined if it is not installed: it is optional, because it is compiled for each platform. */
export function loadNodePty(): NodePty | undefined {
  try {
    // Not an import, because the bundled command line cannot import at run time.
    const found: Partial<NodePty> = createRequire(import.meta.url)('@lydell/node-pty');
    return found.open ? { open: found.open } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts a process with a terminal without the guard: with node-pty, else with the program `script`, whose terminal
 * cannot be resized.
 */
export async function startAtTerminal(
  spec: ProcessSpec,
  size: TerminalSize,
  { clock, pty }: { readonly clock: Clock; readonly pty: NodePty | undefined },
): Promise<TerminalProcess> {
  return pty ? startAt(openTerminal(pty, size), spec, clock) : startScript(spec, size);
}

/** https://man7.org/linux/man-pages/man1/script.1.html; on BSD and macOS, the command follows as arguments. */
async function startScript(spec: ProcessSpec, { columns, rows }: TerminalSize): Promise<TerminalProcess> {
  const sized = [
    'sh',
    '-c',
    `stty cols ${columns} rows ${rows} 2>/dev/null; exec "$0" "$@"`,
    ...spec.command,
  ];
  // "exec" replaces script's own shell, which Ctrl-C would end even if the command continues.
  const quoted = sized.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command =
    process.platform === 'linux'
      ? (['script', '-qefc', `exec ${quoted}`, '/dev/null'] as const)
      : (['script', '-q', '/dev/null', ...sized] as const);
  return { ...(await startProcess({ ...spec, command })), resize: () => {} };
}

function openTerminal(
  pty: NodePty,
  { columns, rows }: TerminalSize,
): OpenTerminal & { readonly held: number } {
  const terminal = pty.open({ cols: columns, rows, encoding: null });
  // Keep the program's side open: otherwise unread output would be lost when the program closes it.
  const held = openSync(terminal.ptsName, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  terminal.slave.destroy();
  return Object.assign(terminal, { held });
}

async function startAt(
  terminal: ReturnType<typeof openTerminal>,
  spec: ProcessSpec,
  clock: Clock,
): Promise<TerminalProcess> {
  const output = new TerminalOutput(terminal, clock);
  // The first terminal that the process, as a session leader, opens becomes its controlling terminal.
  const command = ['sh', '-c', 'exec "$@" <>"$0" >&0 2>&1', terminal.ptsName, ...spec.command] as const;
  try {
    const { pid, exited } = await startProcess({ ...spec, command });
    void exited.then(() => output.finish());
    const resize = ({ columns, rows }: TerminalSize): void => {
      if (!output.isOver) terminal.resize(columns, rows);
    };
    return { pid, stdin: keyboard(terminal, output, clock), stdout: output.stream, exited, resize };
  } catch (error) {
    output.close();
    throw error;
  }
}

/** How soon to try again when a terminal is full. */
const TRY_AGAIN_MS = 10;

/** After this many failed attempts, the terminal was stopped (Ctrl-S) by a user who is gone. */
const MAX_TRIES = 100;

/** Reads the output of a terminal to the last byte. */
class TerminalOutput {
  readonly stream = new PassThrough();
  readonly #terminal: ReturnType<typeof openTerminal>;
  readonly #clock: Clock;
  /** Written to the terminal at the end: after this mark, there is no more output. Terminals do not change digits. */
  readonly #mark = Buffer.from(Array.from({ length: 24 }, () => randomInt(10)).join(''));
  #isFinishing = false;
  #held = Buffer.alloc(0);
  #isOver = false;

  constructor(terminal: ReturnType<typeof openTerminal>, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    const { master } = terminal;
    master.on('data', (data: Buffer) => this.#take(data));
    master.once('error', () => this.close()).once('close', () => this.close());
    this.stream.on('drain', () => master.resume());
    this.stream.once('close', () => this.close());
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the stream after all output of the process, which is gone. */
  finish(): void {
    this.#isFinishing = true;
    this.#writeMark(this.#mark, MAX_TRIES);
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.stream.end(this.#held);
    this.#terminal.master.destroy();
    closeSync(this.#terminal.held);
  }

  #writeMark(rest: Buffer, tries: number): void {
    if (this.#isOver) return;
    if (tries === 0) return this.close();
    const written = tryWrite(this.#terminal.held, rest);
    // While the reader does not keep up, the terminal stays full.
    const left = written > 0 || this.stream.writableNeedDrain ? MAX_TRIES : tries - 1;
    if (written === rest.length) return;
    this.#clock.after(TRY_AGAIN_MS, () => this.#writeMark(rest.subarray(written), left));
  }

  #take(data: Buffer): void {
    if (!this.#isFinishing) return this.#pass(data);
    const all = Buffer.concat([this.#held, data]);
    const end = all.indexOf(this.#mark);
    // The mark may arrive in parts.
    const sure = end === -1 ? Math.max(0, all.length - this.#mark.length + 1) : end;
    this.#held = end === -1 ? all.subarray(sure) : Buffer.alloc(0);
    this.#pass(all.subarray(0, sure));
    if (end !== -1) this.close();
  }

  #pass(data: Buffer): void {
    if (!this.stream.write(data)) this.#terminal.master.pause();
  }
}

/** Writes to a non-blocking file. Returns how many bytes it has accepted. */
function tryWrite(fd: number, data: Buffer): number {
  try {
    return writeSync(fd, data);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return 0;
    throw error;
  }
}

const END_OF_INPUT = '\x04';

/** A stream that types into the terminal when there is room. */
function keyboard({ fd }: OpenTerminal, output: TerminalOutput, clock: Clock): Writable {
  const type = (keys: Buffer, done: () => void): void => {
    if (output.isOver || keys.length === 0) return done();
    write(fd, keys, (error, written) => {
      if (error && errorCode(error) !== 'EAGAIN') return done();
      const rest = keys.subarray(written);
      if (error) clock.after(TRY_AGAIN_MS, () => type(rest, done));
      else type(rest, done);
    });
  };
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => type(chunk, done),
    final: (done) => type(Buffer.from(END_OF_INPUT), done),
  });
}
