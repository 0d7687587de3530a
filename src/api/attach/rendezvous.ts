import type { TLSSocket } from 'node:tls';
import type { Session } from '../../apps/control.js';
import type { Clock } from '../../base/clock.js';
import type { Attachments, PendingDyno } from './attachments.js';
import { type Dialect, serve } from './server.js';

/** Longer than any ID with its line break. */
const MAX_LINE = 256;
const LINE_WITHIN_MS = 30_000;
/** How much a client may send before its dyno reads. */
const MAX_AHEAD_BYTES = 1024 * 1024;
/** Ctrl-D: `heroku run` sends it at the end of its stdin. */
const END_OF_INPUT = 0x04;
/**
 * `heroku run` fails if it cannot send the end of its stdin, so the server waits for it after the dyno has ended. Even
 * at a terminal, stdin may be a file.
 */
const END_WITHIN_MS = { pipe: 1000, terminal: 100 };

/**
 * Connects `heroku run` to its one-off dyno. The client sends the ID as a line, discards the first thing it reads, and
 * takes the end of the connection for the end of the dyno.
 * @param socket paused
 * @param clock real time
 */
export async function serveRendezvous(
  socket: TLSSocket,
  attachments: Attachments,
  clock: Clock,
): Promise<void> {
  const pending = await readPendingDyno(socket, attachments, clock);
  if (!pending) return void socket.destroy();
  socket.write('rendezvous\r\n');
  try {
    const session = await attachments.attach(pending);
    await serve(socket, session, new Rendezvous(socket, clock, pending.hasTerminal));
  } catch {
    socket.destroy();
  }
}

/** Reads an ID from the client's first line; undefined if no dyno has this ID. */
function readPendingDyno(
  socket: TLSSocket,
  attachments: Attachments,
  clock: Clock,
): Promise<PendingDyno | undefined> {
  return new Promise((resolve) => {
    let line = Buffer.alloc(0);
    const cancel = clock.after(LINE_WITHIN_MS, () => socket.destroy());
    const leave = (): void => {
      cancel();
      resolve(undefined);
    };
    socket.once('close', leave);
    socket.on('data', function read(chunk: Buffer) {
      line = Buffer.concat([line, chunk]);
      const end = line.indexOf('\n');
      if (end === -1 && line.length < MAX_LINE) return;
      cancel();
      socket.off('data', read).off('close', leave).pause();
      if (end === -1) return resolve(undefined);
      const rest = line.subarray(end + 1);
      if (rest.length > 0) socket.unshift(rest);
      resolve(attachments.take(line.toString('latin1', 0, end).trimEnd()));
    });
    socket.resume();
  });
}

/** Sends plain bytes both ways. */
export class Rendezvous implements Dialect {
  readonly #socket: TLSSocket;
  readonly #clock: Clock;
  readonly #hasTerminal: boolean;
  readonly #output = new StatusLines();
  #patienceMs: number;

  constructor(socket: TLSSocket, clock: Clock, hasTerminal: boolean) {
    this.#socket = socket;
    this.#clock = clock;
    this.#hasTerminal = hasTerminal;
    this.#patienceMs = hasTerminal ? END_WITHIN_MS.terminal : END_WITHIN_MS.pipe;
  }

  takeInput({ input }: Session): void {
    const socket = this.#socket;
    const hasTerminal = this.#hasTerminal;
    socket.on('data', (data: Buffer) => {
      // No need to wait for the end of stdin: somebody has typed, or the end has arrived.
      if (hasTerminal || isEnd(data)) this.#patienceMs = 0;
      // At a terminal, the terminal itself interprets Ctrl-D.
      if (!hasTerminal && isEnd(data)) return void input.end();
      if (!input.writable) return;
      input.write(data);
      if (input.writableLength < MAX_AHEAD_BYTES) return;
      socket.pause();
      input.once('drain', () => socket.resume());
    });
    socket.resume();
  }

  output(data: Buffer): Iterable<Buffer> {
    return this.#output.push(data);
  }

  exit(): Iterable<Buffer> {
    return this.#output.rest();
  }

  untilOver(): Promise<void> {
    const socket = this.#socket;
    if (this.#patienceMs === 0 || socket.destroyed) return Promise.resolve();
    socket.resume();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        socket.off('data', look).off('close', done);
        resolve();
      };
      const look = (): void => {
        if (this.#patienceMs === 0) done();
      };
      const cancel = this.#clock.after(this.#patienceMs, done);
      socket.on('data', look).on('close', done);
    });
  }
}

function isEnd(data: Buffer): boolean {
  return data.length === 1 && data[0] === END_OF_INPUT;
}

const STATUS_MARK = Buffer.from('\uFFFF heroku-command-exit-status: ');
/** The mark, the status and the line break. */
const STATUS_LINE_BYTES = STATUS_MARK.length + 5;

/**
 * `heroku run -x` makes the dyno print its exit status as the last line, and finds it only if a single read contains
 * all of it. This class makes it a separate write.
 */
export class StatusLines {
  #held = Buffer.alloc(0);

  /** @returns the chunks that can be sent */
  push(data: Buffer): readonly Buffer[] {
    const all = this.#held.length === 0 ? data : Buffer.concat([this.#held, data]);
    const mark = all.lastIndexOf(STATUS_MARK.subarray(0, 1));
    const isMark = mark !== -1 && startsAlike(all.subarray(mark), STATUS_MARK);
    const isWhole = isMark && all.indexOf('\n', mark) !== -1;
    if (!isMark || (!isWhole && all.length - mark > STATUS_LINE_BYTES)) {
      this.#held = Buffer.alloc(0);
      return [all];
    }
    const before = mark === 0 ? [] : [all.subarray(0, mark)];
    this.#held = isWhole ? Buffer.alloc(0) : Buffer.from(all.subarray(mark));
    return isWhole ? [...before, all.subarray(mark)] : before;
  }

  /** The bytes held back. */
  rest(): readonly Buffer[] {
    return this.#held.length === 0 ? [] : [this.#held];
  }
}

/** Whether one is a prefix of the other. */
function startsAlike(some: Buffer, other: Buffer): boolean {
  const length = Math.min(some.length, other.length);
  return some.compare(other, 0, length, 0, length) === 0;
}
