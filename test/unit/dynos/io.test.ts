import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { RunIo } from '../../../src/dynos/io.js';
import { lossyStream } from '../../../src/dynos/tee.js';
import { settle } from '../../helpers/manual-clock.js';
import { readNow } from '../../helpers/read-now.js';

function setup() {
  const io = new RunIo();
  const [output, input] = [new PassThrough(), new PassThrough()];
  const start = () => io.connect({ output, input });
  return { io, output, input, start };
}

test('input before the start of the process waits for it', async () => {
  const { io, input, start } = setup();
  let isTaken = false;
  io.input.write('early ', () => {
    isTaken = true;
  });
  await settle();
  expect(isTaken).toBe(false);
  void start();
  io.input.end('late');
  expect(await text(input)).toBe('early late');
  expect(isTaken).toBe(true);
});

test('two may type, and one that leaves ends nothing', async () => {
  const { io, output, input, start } = setup();
  void start();
  const [one, other] = [lossyStream(io.output), lossyStream(io.output)];
  io.input.write('a');
  io.input.write('b');
  one.destroy();
  io.input.write('c');
  output.end('both have seen this');
  expect(await text(other)).toBe('both have seen this');
  expect(readNow(input)).toBe('abc');
  expect(input.writableEnded).toBe(false);
});

test('guests type in turn, and neither end the input nor leave anything behind that had no room', async () => {
  const { io, input, start } = setup();
  void start();
  const [one, other] = [io.openInput(), io.openInput()];
  one.end('first ');
  await settle();
  expect(io.input.writableEnded).toBe(false);
  const full = Buffer.alloc(input.writableHighWaterMark + io.input.writableHighWaterMark);
  other.write(full);
  await settle();
  const guests = Array.from({ length: 20 }, () => io.openInput());
  for (const guest of guests) guest.write('too late');
  await settle();
  for (const guest of guests.slice(1)) guest.destroy();
  await settle();
  expect(io.input.listenerCount('drain')).toBe(1);
  input.resume();
  let read = '';
  input.on('data', (data) => {
    read += data;
  });
  await settle();
  expect(read.replaceAll('\0', '')).toBe('first too late');
  expect(io.input.listenerCount('drain')).toBe(0);
});

test('a guest of a run whose input has ended types for nobody', async () => {
  const { io, start } = setup();
  void start();
  io.input.end();
  await new Promise((resolve) => io.openInput().write('x', resolve));
});

test('a process that does not read is waited for', async () => {
  const { io, input, start } = setup();
  void start();
  const taken: number[] = [];
  for (let piece = 0; piece < 4; piece++)
    io.input.write(Buffer.alloc(input.writableHighWaterMark), () => taken.push(piece));
  await settle();
  expect(taken).not.toContain(3);
  input.resume();
  await settle();
  expect(taken).toEqual([0, 1, 2, 3]);
});

test('what a process that has closed its stdin is sent is thrown away', async () => {
  const { io, input, start } = setup();
  void start();
  input.on('error', () => {}).destroy();
  let isTaken = false;
  io.input.write('for nobody', () => {
    isTaken = true;
  });
  io.input.end();
  await settle();
  expect(isTaken).toBe(true);
});

test('a run that never gets a process has no output and wants no input', async () => {
  const { io } = setup();
  const client = text(lossyStream(io.output));
  const written = new Promise((resolve) => io.input.write('x', resolve));
  io.close();
  expect(await client).toBe('');
  await written;
});
