import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fields, startDyno, startWorld, untilStill, type World } from './world.js';

const MB = 1 << 20;
const PIECE = Buffer.alloc(MB, 'x');
const CHUNK = Buffer.concat([Buffer.from(`${MB.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What this process holds on to, without garbage and without the system's buffers. */
function held(): number {
  collectGarbage();
  // The first leaves buffers to be freed on the side; the second waits for that.
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Writes a chunk repeatedly, as fast as it is accepted. */
function write(socket: Socket, piece: Buffer, times: number): void {
  for (let left = times; left > 0; left -= 1)
    if (!socket.write(piece)) return void socket.once('drain', () => write(socket, piece, left - 1));
}

/** Bytes that have left a socket. */
function gone(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}

/** One end of a connection that discards what it reads, and reads only on command. */
class SlowReader {
  readonly socket: Socket;
  #enough = 0;
  #onEnough = (): void => {};

  constructor(socket: Socket) {
    this.socket = socket.removeAllListeners('data').pause();
    socket
      .on('error', () => {})
      .on('data', () => {
        if (socket.bytesRead >= this.#enough) this.#onEnough();
      });
    socket.pause();
    onTestFinished(() => void socket.destroy());
  }

  /** Reads until it has read this many bytes in total. */
  read(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#enough = bytes;
      this.#onEnough = () => {
        this.socket.pause();
        resolve();
      };
      this.socket.resume();
    });
  }
}

function client(world: World): SlowReader {
  return new SlowReader(connect({ host: '127.0.0.1', port: world.router.port }));
}

/**
 * In four parts, and after each nobody reads until nothing moves: what is on the way is little, and not with us.
 * (The system may keep some 32 MB for each connection.)
 */
async function inParts(from: Socket, to: SlowReader, bytes: number, before: number): Promise<void> {
  for (let part = 1; part <= 4; part += 1) {
    await untilStill(() => gone(from));
    expect(held() - before).toBeLessThan(20 * MB);
    expect(gone(from) - to.socket.bytesRead).toBeLessThan(bytes / 4);
    await to.read((bytes * part) / 4);
  }
}

describe('a side that does not read slows the other down, and costs no memory', () => {
  test('a response of 400 MB', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 200 OK', `Content-Length: ${400 * MB}`, '', '');
      write(wire.socket, PIECE, 400);
    });
    world.backends.up(dyno.backend);
    const before = held();
    const reader = client(world);
    reader.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [wire] = await dyno.wires.count(1);
    if (wire === undefined) throw new Error('No connection');
    await inParts(wire.socket, reader, 400 * MB, before);
    reader.socket.resume();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', bytes: String(400 * MB) });
  });

  test.each([
    [`Content-Length: ${200 * MB}`, PIECE],
    ['Transfer-Encoding: chunked', CHUNK],
  ])('an upload of 200 MB, %s', async (framing, piece) => {
    const world = await startWorld();
    const dyno = await startDyno(() => {});
    world.backends.up(dyno.backend);
    const before = held();
    const { socket } = client(world);
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n`);
    const [wire] = await dyno.wires.count(1);
    if (wire === undefined) throw new Error('No connection');
    const reader = new SlowReader(wire.socket);
    write(socket, piece, 200);
    await inParts(socket, reader, 200 * MB, before);
  });

  test('a websocket, both ways', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade', '', '');
    });
    world.backends.up(dyno.backend);
    const peer = await world.connect();
    await peer
      .send('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: x', '', '')
      .until('\r\n\r\n');
    const [wire] = await dyno.wires.count(1);
    if (wire === undefined) throw new Error('No connection');
    const sides = [new SlowReader(peer.socket), new SlowReader(wire.socket)] as const;
    for (const [from, to] of [sides, [sides[1], sides[0]]] as const) {
      const before = held();
      write(from.socket, PIECE, 300);
      await inParts(from.socket, to, 300 * MB, before);
    }
  });
});
