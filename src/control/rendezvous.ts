import type { TLSSocket } from 'node:tls';
import type { Attachment } from '../apps/attachment.js';
import { type Dialect, serve } from './attach-server.js';
import type { Attachments } from './attachments.js';

/** An id and what ends its line; nobody's id is longer. */
const MAX_LINE = 256;
/** What a client may have sent before its dyno reads any of it. */
const MAX_AHEAD_BYTES = 1024 * 1024;
/** Ctrl-D: how `heroku run` says that its stdin is over. */
const END_OF_INPUT = 0x04;

/**
 * Connects `heroku run` to its one-off dyno. It sends the id as a line; it throws away what it reads first, and
 * takes the end of the connection for that of the dyno.
 * @param socket paused
 */
export function serveRendezvous(socket: TLSSocket, attachments: Attachments): void {
  let line = Buffer.alloc(0);
  socket.on('data', function read(chunk: Buffer) {
    line = Buffer.concat([line, chunk]);
    const end = line.indexOf('\n');
    if (end === -1 && line.length < MAX_LINE) return;
    socket.off('data', read).pause();
    const attachment = attachments.take(line.toString('latin1', 0, end).trimEnd());
    if (end === -1 || !attachment?.attach()) return void socket.destroy();
    const rest = line.subarray(end + 1);
    if (rest.length > 0) socket.unshift(rest);
    socket.write('rendezvous\r\n');
    void serve(socket, attachment, new Rendezvous(socket));
  });
  socket.resume();
}

/** Bytes as they are, both ways. */
class Rendezvous implements Dialect {
  readonly #socket: TLSSocket;
  readonly #output = new StatusLines();

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  takeInput({ hasTerminal, oneOff: { run } }: Attachment): void {
    const { input } = run;
    const socket = this.#socket;
    socket.on('data', (data: Buffer) => {
      // At a terminal it is the terminal that makes of it what it is.
      if (!hasTerminal && data.length === 1 && data[0] === END_OF_INPUT) return void input?.end();
      if (!input?.writable) return;
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
}

const STATUS_MARK = Buffer.from('\uFFFF heroku-command-exit-status: ');
/** The mark, the status and what ends the line. */
const STATUS_LINE_BYTES = STATUS_MARK.length + 5;

/**
 * `heroku run -x` has the dyno print its exit status as its last line, and finds it only if it is whole in what it
 * reads at once: so it is sent by itself.
 */
export class StatusLines {
  #held = Buffer.alloc(0);

  /** What can be sent, piece by piece. */
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

  /** What was held back. */
  rest(): readonly Buffer[] {
    return this.#held.length === 0 ? [] : [this.#held];
  }
}

/** Whether the shorter one begins the longer one. */
function startsAlike(some: Buffer, other: Buffer): boolean {
  const length = Math.min(some.length, other.length);
  return some.compare(other, 0, length, 0, length) === 0;
}
