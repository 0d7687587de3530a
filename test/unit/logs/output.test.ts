import { describe, expect, test } from 'vitest';
import { Output } from '../../../src/logs/output.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';
import { SlowStream } from './slow-stream.js';

const MUCH = 'x'.repeat(100 * 1024);

function startOutput() {
  const stream = new SlowStream();
  const clock = new ManualClock();
  const closed: string[] = [];
  const output = new Output(stream, { clock, onClosed: (error) => closed.push(error.message) });
  return { stream, clock, closed, output };
}

test('text from one turn is written at once', async () => {
  const { stream, output } = startOutput();
  output.write('a\n');
  output.write('b\n');
  expect(stream.writes).toEqual([]);
  await settle();
  expect(stream.writes).toEqual(['a\nb\n']);
});

test('a few lines in a row go out at once, those of a longer series together a moment later', async () => {
  const { stream, clock, output } = startOutput();
  const print = async (line: string) => {
    output.write(line);
    await settle();
  };
  const few = Array.from({ length: 8 }, (_, index) => `${index}\n`);
  for (const line of few) {
    await print(line);
    stream.take();
    await settle();
  }
  expect(stream.writes).toEqual(few);
  await print('b\n');
  await print('c\n');
  expect(stream.writes).toEqual(few);
  await clock.advance(1);
  expect(stream.writes).toEqual([...few, 'b\nc\n']);
  stream.take();
  await clock.advance(8);
  await print('after a pause\n');
  expect(stream.writes.at(-1)).toBe('after a pause\n');
});

test('nothing waits after a large write', async () => {
  const { stream, output } = startOutput();
  output.write(MUCH);
  await settle();
  stream.take();
  await settle();
  output.write('b\n');
  await settle();
  expect(stream.writes).toEqual([MUCH, 'b\n']);
});

test('one piece is on its way at a time', async () => {
  const { stream, output } = startOutput();
  output.write('a');
  await settle();
  output.write('b');
  await settle();
  output.write('c');
  await settle();
  expect(stream.writes).toEqual(['a']);
  stream.take();
  await settle();
  expect(stream.writes).toEqual(['a', 'bc']);
});

describe('congestion', () => {
  test('holds the gate while more is waiting than the reader can soon take', async () => {
    const { stream, output } = startOutput();
    output.write('a');
    await settle();
    expect(output.gate.isHeld).toBe(false);
    output.write(MUCH);
    expect(output.isCongested).toBe(true);
    expect(output.gate.isHeld).toBe(true);
    stream.take();
    await settle();
    expect(output.isCongested).toBe(false);
    expect(output.gate.isHeld).toBe(false);
  });

  test('loses nothing', async () => {
    const { stream, output } = startOutput();
    let expected = '';
    for (let index = 0; index < 10; index++) {
      output.write(`${index}${MUCH}`);
      expected += `${index}${MUCH}`;
    }
    const flushed = output.flush();
    for (let index = 0; index < 10; index++) {
      await settle();
      stream.take();
    }
    await flushed;
    expect(stream.text === expected).toBe(true);
  });

  test('ends for waiting listeners before dynos are read again', async () => {
    const { stream, output } = startOutput();
    const events: string[] = [];
    output.gate.subscribe((isHeld) => events.push(isHeld ? 'held' : 'released'));
    output.onRelief(() => {
      events.push('relief');
      if (events.length === 2) output.write(MUCH);
    });
    output.write('a');
    await settle();
    output.write(MUCH);
    stream.take();
    await settle();
    expect(events).toEqual(['held', 'relief']);
    stream.take();
    await settle();
    expect(events).toEqual(['held', 'relief', 'relief', 'released']);
  });
});

describe('closing', () => {
  test('waits until all is written', async () => {
    const { stream, clock, output } = startOutput();
    output.write('a');
    await settle();
    output.write('b');
    let isClosed = false;
    const closing = output.close({ timeoutMs: 1000 }).then(() => {
      isClosed = true;
    });
    stream.take();
    await settle();
    expect(isClosed).toBe(false);
    stream.take();
    await closing;
    expect(stream.text).toBe('ab');
    expect(clock.pending).toBe(0);
  });

  test('does not wait longer than it may for a terminal that is not read', async () => {
    const { clock, output } = startOutput();
    output.write(MUCH);
    output.write(MUCH);
    const closing = output.close({ timeoutMs: 1000 });
    await clock.advance(1000);
    await closing;
    expect(output.gate.isHeld).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test('of an output that has nothing to write is immediate', async () => {
    const { clock, output } = startOutput();
    await output.close({ timeoutMs: 1000 });
    expect(clock.pending).toBe(0);
  });
});

describe('a reader that goes away', () => {
  test('is reported once, holds nothing back, and later text is discarded', async () => {
    const { stream, closed, output } = startOutput();
    output.write('a');
    await settle();
    output.write(MUCH);
    const flushed = output.flush();
    stream.take(new Error('EPIPE'));
    await flushed;
    await settle();
    output.write(MUCH);
    output.write(MUCH);
    await settle();
    expect(closed).toEqual(['EPIPE']);
    expect(output.isCongested).toBe(false);
    expect(output.gate.isHeld).toBe(false);
  });
});
